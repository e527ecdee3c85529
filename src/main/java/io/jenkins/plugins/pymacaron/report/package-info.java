/**
 * Test results and the summary of a run, the reader of JUnit XML that treats its input as hostile, and the HTML report.
 * Knows no other room.
 */
package io.jenkins.plugins.pymacaron.report;
