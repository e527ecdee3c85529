package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Draws the stages as a table whose last column is a time line: one bar a stage, on one scale. */
final class Gantt {
    private static final int[] STEPS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200};
    private static final int TICKS = 6;

    private final Html html;
    private final RunSummary run;
    private final List<TestSection> sections;
    private final double seconds;
    /** The keys of the stages whose times add up to the time of the run. */
    private final Set<String> criticalPath;

    Gantt(Html html, RunSummary run, List<TestSection> sections) {
        this.html = html;
        this.run = run;
        this.sections = sections;
        criticalPath = criticalPath();
        seconds = Math.max(
                0.001,
                run.stages().stream()
                        .filter(s -> s.started().isPresent())
                        .mapToDouble(this::end)
                        .reduce(run.duration().toMillis() / 1000.0, Math::max));
    }

    /** Walks back from the stage that ended last: each stage has waited for the one that ended last before it began. */
    private Set<String> criticalPath() {
        Set<String> path = new HashSet<>();
        Optional<StageSummary> last = lastBefore(Double.MAX_VALUE, path);
        while (last.isPresent()) {
            path.add(last.get().key());
            last = lastBefore(begin(last.get()), path);
        }
        return path;
    }

    private Optional<StageSummary> lastBefore(double second, Set<String> path) {
        return run.stages().stream()
                .filter(stage -> stage.started().isPresent() && !path.contains(stage.key()))
                .filter(stage -> end(stage) <= second)
                .max(Comparator.comparing(this::end));
    }

    private double begin(StageSummary stage) {
        return offset(stage.started().orElseThrow());
    }

    private double end(StageSummary stage) {
        return begin(stage) + stage.duration().toMillis() / 1000.0;
    }

    void draw() {
        html.open("section", "class", "card", "aria-labelledby", "stages").leaf("h2", "Stages", "id", "stages");
        html.open("table", "class", "gantt").open("thead").open("tr");
        html.leaf("th", "Stage", "scope", "col").leaf("th", "State", "scope", "col");
        html.leaf("th", "Took", "scope", "col", "class", "number");
        html.open("th", "scope", "col", "class", "line").leaf("span", "When", "class", "sr");
        axis();
        html.close(3).open("tbody");
        run.stages().forEach(this::row);
        html.close(3);
    }

    private void row(StageSummary stage) {
        StateStyle look = StateStyle.of(stage.state());
        html.open("tr", "class", look.tone()).open("th", "scope", "row");
        boolean tested = sections.stream().anyMatch(s -> s.stage().equals(stage.key()));
        if (tested) {
            html.leaf("a", stage.name(), "href", "#tests-" + stage.key());
        } else {
            html.text(stage.name());
        }
        html.close()
                .open("td", "class", "state")
                .icon(look.icon())
                .text(look.word())
                .close();
        boolean begun = stage.started().isPresent();
        html.leaf("td", begun ? HumanFormats.duration(stage.duration()) : "–", "class", "number");
        html.open("td", "class", "line");
        bar(stage, look);
        notes(stage);
        html.close(2);
    }

    private void bar(StageSummary stage, StateStyle look) {
        if (stage.started().isEmpty()) {
            return;
        }
        double start = Math.min(99.5, percent(offset(stage.started().get())));
        double took = stage.state() == StageState.RUNNING && stage.duration().isZero()
                ? 100 - start
                : percent(stage.duration().toMillis() / 1000.0);
        double width = Math.min(100 - start, Math.max(0.5, took));
        html.open("svg", "class", "bar", "width", "100%", "height", "14", "aria-hidden", "true")
                .open("rect", "width", "100%", "height", "14", "rx", "3", "fill", "none", "class", "track")
                .close()
                .open(
                        "rect",
                        "x",
                        number(start) + "%",
                        "width",
                        number(width) + "%",
                        "height",
                        "14",
                        "rx",
                        "3",
                        "fill",
                        look.colour(),
                        "fill-opacity",
                        criticalPath.contains(stage.key()) ? "1" : "0.45",
                        "class",
                        "fill")
                .close(2);
    }

    private void notes(StageSummary stage) {
        html.open("div", "class", "notes");
        if (stage.started().isPresent() && !criticalPath.contains(stage.key())) {
            note("beside another stage, not on the critical path");
        }
        // The message may contain some of it already.
        stage.counts()
                .map(Counts::toString)
                .filter(c -> !stage.message().contains(c))
                .ifPresent(this::note);
        if (!stage.message().isEmpty()) {
            html.leaf("span", stage.message(), "class", "why");
        }
        stage.gap()
                .map(ServiceGap::toString)
                .filter(g -> !stage.message().contains(g))
                .ifPresent(this::note);
        stage.urls().forEach((label, url) -> {
            html.open("span");
            HtmlPage.link(html, label, url);
            html.close();
        });
        html.close();
    }

    private void note(String text) {
        html.leaf("span", text);
    }

    private void axis() {
        html.open("svg", "class", "axis", "width", "100%", "height", "16", "aria-hidden", "true");
        int step = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0 && seconds / STEPS[i] <= TICKS; i--) {
            step = STEPS[i];
        }
        for (long tick = 0; tick <= seconds && tick / step <= TICKS; tick += step) {
            double at = percent(tick);
            // The last label would reach over the right edge.
            html.open(
                            "text",
                            "x",
                            number(at) + "%",
                            "y",
                            "12",
                            "text-anchor",
                            at > 94 ? "end" : at < 3 ? "start" : "middle")
                    .text(label(tick))
                    .close();
        }
        html.close();
    }

    private static String label(long tick) {
        if (tick == 0) {
            return "0";
        }
        return tick % 3600 == 0 ? tick / 3600 + " h" : tick % 60 == 0 ? tick / 60 + " min" : tick + " s";
    }

    private double offset(Instant at) {
        return Math.max(0, Duration.between(run.started(), at).toMillis() / 1000.0);
    }

    private double percent(double second) {
        return Math.min(100, second / seconds * 100);
    }

    private static String number(double n) {
        return String.format(Locale.ROOT, "%.2f", n);
    }
}
