/**
 * Keeps the state of a run: what its preflight has prepared, what is done, where its files are, and what a later run may
 * reuse. Changes nothing outside the run's own directory.
 */
package io.jenkins.plugins.pymacaron.pipeline.state;
