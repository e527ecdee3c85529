/** Prepares a run, or reports everything that is missing, before any work. Changes nothing. */
package io.jenkins.plugins.pymacaron.pipeline.preflight;
