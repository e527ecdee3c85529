package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a run as one HTML file that needs nothing else: no network, no fonts, no images. It is readable without its
 * script and without its style sheet too, since a Jenkins that serves it as an artifact allows neither.
 */
public final class HtmlReport {
    private HtmlReport() {}

    /** Writes the file in one step. All texts count as masked already, and as hostile. */
    public static void write(Path file, RunSummary summary, List<TestSection> sections) throws IOException {
        SummaryJson.replace(file, render(summary, sections).getBytes(StandardCharsets.UTF_8));
    }

    public static String render(RunSummary summary, List<TestSection> sections) {
        return new HtmlPage(summary, sections).text();
    }
}
