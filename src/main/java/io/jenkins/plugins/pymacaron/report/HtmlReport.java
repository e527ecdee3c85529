package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
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
        SummaryJson.replace(file, out -> {
            Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            draw(summary, sections, text);
            text.flush();
        });
    }

    public static String render(RunSummary summary, List<TestSection> sections) {
        StringWriter text = new StringWriter(1 << 16);
        try {
            draw(summary, sections, text);
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot be written", e);
        }
        return text.toString();
    }

    private static void draw(RunSummary summary, List<TestSection> sections, Writer to) throws IOException {
        try {
            new HtmlPage(summary, sections, new Html(to)).draw();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
