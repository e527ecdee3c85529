package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Keeps the lines of work that runs beside a stage, so that the lines of both do not mix. Any thread may report;
 * {@link #release} gives the lines to the progress of the run, in its own thread. Secrets are hidden at once.
 */
public final class DeferredProgress implements RunProgress {
    private final RunProgress run;
    private final BlockingQueue<Runnable> reports = new LinkedBlockingQueue<>();

    public DeferredProgress(RunProgress run) {
        this.run = run;
    }

    /** Gives the run what was reported until now. */
    public void release() {
        for (Runnable report = reports.poll(); report != null; report = reports.poll()) {
            report.run();
        }
    }

    @Override
    public void line(String text) {
        reports.add(() -> run.line(text));
    }

    @Override
    public void say(String text) {
        reports.add(() -> run.say(text));
    }

    @Override
    public void warning(String text) {
        reports.add(() -> run.warning(text));
    }

    @Override
    public void started(Stage stage) {
        reports.add(() -> run.started(stage));
    }

    @Override
    public void passed(Stage stage, Duration took, String note) {
        reports.add(() -> run.passed(stage, took, note));
    }

    @Override
    public void skipped(Stage stage, String why) {
        reports.add(() -> run.skipped(stage, why));
    }

    @Override
    public void failed(Stage stage, Duration took, String why) {
        reports.add(() -> run.failed(stage, took, why));
    }

    @Override
    public void hide(Collection<String> secrets) {
        run.hide(secrets);
    }

    @Override
    public String masked(String text) {
        return run.masked(text);
    }
}
