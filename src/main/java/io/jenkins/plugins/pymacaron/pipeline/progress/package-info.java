/** Reports a run while it happens: to the terminal, to a log file, and to the report. Decides nothing. */
package io.jenkins.plugins.pymacaron.pipeline.progress;
