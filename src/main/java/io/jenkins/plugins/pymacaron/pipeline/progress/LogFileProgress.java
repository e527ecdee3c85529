package io.jenkins.plugins.pymacaron.pipeline.progress;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Writes every line of a run to a file too, since a terminal shows only the current ones. */
public final class LogFileProgress implements RunProgress, AutoCloseable {
    private final RunProgress shown;
    private BufferedWriter file;

    public LogFileProgress(RunProgress shown) {
        this.shown = shown;
    }

    /** Writes to a new file there from now on. */
    public synchronized void into(Path log) throws IOException {
        close();
        file = Files.newBufferedWriter(log, StandardCharsets.UTF_8);
    }

    @Override
    public void line(String text) {
        keep("    " + text);
        shown.line(text);
    }

    @Override
    public void say(String text) {
        keep(text);
        shown.say(text);
    }

    @Override
    public void warning(String text) {
        keep("warning: " + text);
        shown.warning(text);
    }

    @Override
    public void started(Stage stage) {
        keep("== " + stage.title());
        shown.started(stage);
    }

    @Override
    public void passed(Stage stage, Duration took, String note) {
        keep("ok " + stage.title() + ": " + note);
        shown.passed(stage, took, note);
    }

    @Override
    public void skipped(Stage stage, String why) {
        keep("-- " + stage.title() + ": " + why);
        shown.skipped(stage, why);
    }

    @Override
    public void failed(Stage stage, Duration took, String why) {
        keep("FAILED " + stage.title() + ": " + why);
        shown.failed(stage, took, why);
    }

    private synchronized void keep(String line) {
        if (file == null) {
            return;
        }
        try {
            file.write(line);
            file.newLine();
            file.flush();
        } catch (IOException e) {
            // A missing log is no reason to leave a deployment half-done.
            file = null;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
