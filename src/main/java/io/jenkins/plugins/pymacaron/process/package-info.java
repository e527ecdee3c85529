/**
 * The one place that starts programs: argument lists instead of shell lines, a session for each, output masked and cut into
 * lines, removal of what is left at the end. Knows no other room.
 */
package io.jenkins.plugins.pymacaron.process;
