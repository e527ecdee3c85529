/**
 * {@code pymdeploy}: options, exit codes, and what a terminal shows. Decides nothing about stages; that is the pipeline's.
 */
package io.jenkins.plugins.pymacaron.cli;
