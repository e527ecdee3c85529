/**
 * The stages by name, a request for a run, and the specification and result of one stage, which Jenkins and the process
 * on the agent exchange. Knows nothing of how a stage does its work.
 */
package io.jenkins.plugins.pymacaron.pipeline.contract;
