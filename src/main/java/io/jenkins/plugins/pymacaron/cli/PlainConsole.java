package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.io.PrintWriter;
import java.time.Duration;

/** Prints one line after the other, for logs. */
final class PlainConsole implements Console {
    private final PrintWriter out;

    PlainConsole(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void line(String text) {
        print("    " + text);
    }

    @Override
    public void say(String text) {
        print(text);
    }

    @Override
    public void warning(String text) {
        print("warning: " + text);
    }

    @Override
    public void started(Stage stage) {
        print("== " + stage.title());
    }

    @Override
    public void passed(Stage stage, Duration took, String note) {
        print("ok " + stage.title() + ", " + DurationTexts.of(took) + (note.isEmpty() ? "" : ": " + note));
    }

    @Override
    public void skipped(Stage stage, String why) {
        print("-- " + stage.title() + ": skipped, " + why);
    }

    @Override
    public void failed(Stage stage, Duration took, String why) {
        print("FAILED " + stage.title() + ", " + DurationTexts.of(took) + (why.contains("\n") ? ":\n" : ": ") + why);
    }

    private synchronized void print(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
