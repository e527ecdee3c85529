/**
 * Starts programs; no other package does. It uses argument lists instead of shell lines, a session for each program,
 * output that is masked and cut into lines, and removal of what is left at the end. Knows no other room.
 */
package io.jenkins.plugins.pymacaron.process;
