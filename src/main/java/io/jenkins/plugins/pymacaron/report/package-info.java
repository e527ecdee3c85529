/**
 * Test results and the summary of a run, the reader of JUnit XML that takes its input for hostile, and the HTML report. Knows
 * no other room.
 */
package io.jenkins.plugins.pymacaron.report;
