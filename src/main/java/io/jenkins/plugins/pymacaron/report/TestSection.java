package io.jenkins.plugins.pymacaron.report;

/**
 * The tests of one stage, as the HTML report shows them.
 *
 * @param stage the key of the stage in the summary
 * @param title as the user sees it
 * @param log the end of the container's log, already masked; empty if there is none
 */
public record TestSection(String stage, String title, AcceptanceReport report, String log) {}
