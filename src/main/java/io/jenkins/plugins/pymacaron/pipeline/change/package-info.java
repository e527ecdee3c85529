/**
 * Changes one environment through its operations and journals: activation, rollback and undo, and the check of the
 * version that serves after them.
 */
package io.jenkins.plugins.pymacaron.pipeline.change;
