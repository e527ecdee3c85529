package io.jenkins.plugins.pymacaron.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shows the tests of one stage. The first failed ones are plain HTML; all others are data that the script shows page by
 * page, and a plain table where no script runs.
 */
final class TestCard {
    /** The failures that are shown in full at once; more are not read, and their traces are most of a report. */
    private static final int SHOWN = 50;

    /** The number of passed tests that are shown at once, if nothing failed. */
    private static final int FEW = 15;

    private static final int LOG = 64 << 10;

    private final Html html;
    private final TestSection section;
    private final List<TestCase> failing = new ArrayList<>();
    private final List<TestCase> others = new ArrayList<>();

    TestCard(Html html, TestSection section) {
        this.html = html;
        this.section = section;
        section.report().cases().filter(c -> c.status().bad()).forEach(failing::add);
        if (failing.size() > SHOWN) {
            others.addAll(failing.subList(SHOWN, failing.size()));
        }
        section.report().cases().filter(c -> c.status() == CaseStatus.SKIPPED).forEach(others::add);
        section.report().cases().filter(c -> c.status() == CaseStatus.PASSED).forEach(others::add);
    }

    void draw() {
        String id = "tests-" + section.stage();
        html.open("section", "class", "card tests", "id", id, "aria-labelledby", id + "-title", "data-tests", "");
        html.open("div", "class", "head").leaf("h2", section.title(), "id", id + "-title");
        Counts counts = section.report().counts();
        html.leaf("p", counts.toString(), "class", "counts").close();
        proportion(counts);
        section.report().notes().forEach(note -> html.leaf("p", note, "class", "note"));
        tools();
        List<TestCase> shown = failing.subList(0, Math.min(SHOWN, failing.size()));
        for (int i = 0; i < shown.size(); i++) {
            failure(shown.get(i), i < 3);
        }
        if (!others.isEmpty()) {
            others();
        }
        html.open("script", "type", "application/json")
                .data(to -> TestRows.write(others, to))
                .close();
        log();
        html.close();
    }

    private void proportion(Counts counts) {
        if (counts.total() == 0) {
            return;
        }
        html.open("svg", "class", "share", "width", "100%", "height", "6", "aria-hidden", "true");
        double x = share(counts.bad(), counts.total(), 0, StateStyle.of(CaseStatus.FAILED));
        x = share(counts.passed(), counts.total(), x, StateStyle.of(CaseStatus.PASSED));
        share(counts.skipped(), counts.total(), x, StateStyle.of(CaseStatus.SKIPPED));
        html.close();
    }

    private double share(int n, int total, double x, StateStyle look) {
        double width = 100.0 * n / total;
        if (n > 0) {
            html.open(
                            "rect",
                            "class",
                            look.tone(),
                            "x",
                            String.format(Locale.ROOT, "%.3f%%", x),
                            "width",
                            String.format(Locale.ROOT, "%.3f%%", width),
                            "height",
                            "6",
                            "fill",
                            look.colour())
                    .close();
        }
        return x + width;
    }

    /** Adds the tools, which are hidden until the script enables them. */
    private void tools() {
        html.open("div", "class", "tools", "role", "search", "hidden", "");
        html.empty(
                "input",
                "type",
                "search",
                "placeholder",
                "Filter by name",
                "aria-label",
                "Filter the tests of " + section.title(),
                "autocomplete",
                "off");
        for (String chip : List.of("all", "failed", "skipped", "passed")) {
            html.leaf(
                    "button",
                    chip.substring(0, 1).toUpperCase(Locale.ROOT) + chip.substring(1),
                    "type",
                    "button",
                    "data-show",
                    chip,
                    "aria-pressed",
                    String.valueOf(chip.equals("all")));
        }
        html.leaf("span", "", "class", "shown", "role", "status").close();
    }

    private void failure(TestCase c, boolean open) {
        html.open("details", "class", "failure", "open", open ? "" : null);
        html.open("summary").icon("fail").open("span", "class", "name");
        html.leaf("b", c.name())
                .text(" ")
                .leaf("span", c.className(), "class", "dim")
                .close();
        html.leaf("span", c.status() == CaseStatus.ERROR ? "error" : "failed", "class", "sr");
        html.leaf("span", HumanFormats.duration(c.duration()), "class", "took").close();
        html.leaf("p", c.message(), "class", "reason mono");
        if (!c.detail().isBlank()) {
            html.leaf("pre", c.detail(), "tabindex", "0");
        }
        if (!c.output().isBlank()) {
            html.open("details", "class", "output").leaf("summary", "Output of the test");
            html.leaf("pre", c.output(), "tabindex", "0").close();
        }
        html.close();
    }

    private void others() {
        boolean few = failing.isEmpty() && others.size() <= FEW;
        html.open("details", "class", "others", "open", few ? "" : null);
        Counts counts = Counts.of(others);
        html.leaf("summary", (failing.isEmpty() ? "" : "Other ") + counts);
        html.open("div", "class", "paged").close().open("noscript");
        table();
        html.close(2);
    }

    private void table() {
        html.open("table", "class", "cases").open("thead").open("tr");
        for (String heading : List.of("Result", "Test", "Took")) {
            html.leaf("th", heading, "scope", "col");
        }
        html.close(2).open("tbody");
        for (TestCase c : others) {
            html.open("tr").leaf("td", StateStyle.of(c.status()).word());
            html.leaf("td", c.className() + " " + c.name() + (c.message().isEmpty() ? "" : ": " + c.message()));
            html.leaf("td", HumanFormats.duration(c.duration())).close();
        }
        html.close(2);
    }

    private void log() {
        String log = section.log().stripTrailing();
        if (!log.isEmpty()) {
            html.open("details", "class", "log").leaf("summary", "Container log");
            html.leaf("pre", log.length() > LOG ? "…" + log.substring(log.length() - LOG) : log, "tabindex", "0");
            html.close();
        }
    }
}
