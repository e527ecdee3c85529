package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the warnings, which the report needs too, and passes everything on. */
public final class WarningCollector implements RunProgress {
    private static final int MOST = 100;

    private final RunProgress shown;
    private final List<String> seen = new ArrayList<>();

    public WarningCollector(RunProgress shown) {
        this.shown = shown;
    }

    public synchronized List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void line(String text) {
        shown.line(text);
    }

    @Override
    public void say(String text) {
        shown.say(text);
    }

    @Override
    public synchronized void warning(String text) {
        if (seen.size() < MOST) {
            seen.add(text);
        }
        shown.warning(text);
    }

    @Override
    public void started(Stage stage) {
        shown.started(stage);
    }

    @Override
    public void passed(Stage stage, Duration took, String note) {
        shown.passed(stage, took, note);
    }

    @Override
    public void skipped(Stage stage, String why) {
        shown.skipped(stage, why);
    }

    @Override
    public void failed(Stage stage, Duration took, String why) {
        shown.failed(stage, took, why);
    }
}
