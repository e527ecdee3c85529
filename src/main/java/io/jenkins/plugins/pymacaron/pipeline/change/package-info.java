/** Changes one environment through its operations and journals: activation, rollback and undo, and what serves after that. */
package io.jenkins.plugins.pymacaron.pipeline.change;
