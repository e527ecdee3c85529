/**
 * The command {@code pymdeploy}: options, exit codes, and the output on a terminal. Decides nothing about stages; the
 * pipeline does.
 */
package io.jenkins.plugins.pymacaron.cli;
