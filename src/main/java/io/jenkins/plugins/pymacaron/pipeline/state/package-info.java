/**
 * Keeps the state of a run: the results of its preflight, the finished stages, the places of its files, and the results
 * that a later run may reuse. Changes nothing outside the run's own directory.
 */
package io.jenkins.plugins.pymacaron.pipeline.state;
