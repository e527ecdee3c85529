package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/**
 * Shows one line a stage on a terminal: while it runs, its duration and its last output; then its result. The lines
 * after a failure are shown, the others are in {@code .pym/last.log}.
 */
final class TerminalConsole implements Console {
    private static final String CLEAR = "\r\u001b[K";
    private static final int SHOWN_OF_FAILURE = 30;
    private static final int TICK_MILLIS = 200;

    private final PrintWriter out;
    private final int width;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(body -> {
        Thread thread = new Thread(body, "progress");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<String> recent = new ArrayDeque<>();
    private Stage running;
    private long since;

    TerminalConsole(PrintWriter out) {
        this.out = out;
        width = width();
        ticks.scheduleAtFixedRate(this::draw, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static int width() {
        try {
            return Math.max(40, Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "100")));
        } catch (NumberFormatException e) {
            return 100;
        }
    }

    @Override
    public synchronized void line(String text) {
        recent.addLast(text);
        if (recent.size() > SHOWN_OF_FAILURE) {
            recent.removeFirst();
        }
    }

    @Override
    public void say(String text) {
        print(text);
    }

    @Override
    public void warning(String text) {
        print(ansi("@|yellow !|@ ") + text);
    }

    @Override
    public synchronized void started(Stage stage) {
        running = stage;
        since = System.nanoTime();
        recent.clear();
        draw();
    }

    @Override
    public void passed(Stage stage, Duration took, String note) {
        end(ansi("@|green ✔|@ ") + row(stage, took, note));
    }

    @Override
    public void skipped(Stage stage, String why) {
        end(ansi("@|faint –|@ ") + row(stage, null, "skipped, " + why));
    }

    @Override
    public synchronized void failed(Stage stage, Duration took, String why) {
        recent.forEach(line -> print("    " + line));
        end(ansi("@|red ✘|@ ") + row(stage, took, why.contains("\n") ? "\n" + why : why));
    }

    private static String row(Stage stage, Duration took, String note) {
        return String.format("%-17s %8s  %s", stage.title(), took == null ? "" : DurationTexts.of(took), note);
    }

    private synchronized void end(String line) {
        running = null;
        print(line);
    }

    private synchronized void draw() {
        if (running != null) {
            String last = recent.isEmpty() ? "" : recent.getLast();
            String text = "  " + row(running, Duration.ofNanos(System.nanoTime() - since), last);
            out.print(CLEAR + text.substring(0, Math.min(text.length(), width - 1)));
            out.flush();
        }
    }

    private synchronized void print(String line) {
        out.println(CLEAR + line);
        draw();
        out.flush();
    }

    private static String ansi(String text) {
        return Ansi.AUTO.string(text);
    }

    @Override
    public synchronized void close() {
        ticks.shutdownNow();
        running = null;
        out.print(CLEAR);
        out.flush();
    }
}
