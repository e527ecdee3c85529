/** Undoes what a dead run has left half-made, and deletes what was kept long enough. */
package io.jenkins.plugins.pymacaron.pipeline.cleanup;
