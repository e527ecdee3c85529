package io.jenkins.plugins.pymacaron.process;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A running command. Closing it ends it, with everything that it has started. */
public final class RunningProcess implements AutoCloseable {
    /** The time that a command may take to end by itself after SIGTERM. */
    static final Duration GRACE = Duration.ofSeconds(5);
    /** The time for which its output may stay open after its end: an escaped process may keep it open for ever. */
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private static final Set<RunningProcess> ALL = ConcurrentHashMap.newKeySet();

    private final Command command;
    private final Process process;
    private final ProcessTree tree;
    private final StringBuilder output = new StringBuilder();
    private final LogTail tail = new LogTail();
    private final Thread out;
    private final Thread err;
    private boolean cut;
    private volatile Exception inputFailure;

    RunningProcess(Command command, Process process, boolean ownSession, SecretMask mask, Consumer<String> log) {
        this.command = command;
        this.process = process;
        this.tree = new ProcessTree(process.toHandle(), ownSession);
        ALL.add(this);
        Consumer<String> lines = line -> {
            tail.add(line);
            log.accept(line);
        };
        command.input().ifPresent(input -> thread("input", () -> feed(input)));
        out = thread("output", () -> pump(process.getInputStream(), true, new LogLines(mask, lines)));
        err = thread("errors", () -> pump(process.getErrorStream(), false, new LogLines(mask, lines)));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits for its end, for the command's time limit, counted from now.
     *
     * @throws ProcessTimeoutException if it runs for longer; it has been ended then
     * @throws IOException if its input could not be read; it has been ended then
     * @throws InterruptedException if the wait is interrupted; it has been ended then too
     */
    public ProcessResult await() throws IOException, InterruptedException {
        try {
            if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                close();
                throw new ProcessTimeoutException(
                        command.program() + " ran for longer than " + words(command.timeout()) + " and was ended",
                        tail.toString());
            }
            drain();
        } finally {
            // This happens also after a success: remaining processes of its session have no purpose any more, and may
            // keep the output open.
            close();
        }
        drain();
        if (inputFailure != null) {
            throw new IOException(
                    command.program() + " was ended, since its input broke off: " + inputFailure.getMessage(),
                    inputFailure);
        }
        synchronized (output) {
            return new ProcessResult(command.program(), process.exitValue(), output.toString(), cut, tail.toString());
        }
    }

    /**
     * Ends it now: SIGTERM to everything that it has started, and SIGKILL to processes that still live after a grace
     * time.
     */
    public void stop(Duration grace) {
        try {
            tree.terminate();
            long deadline = System.nanoTime() + grace.toNanos();
            while (!tree.members().isEmpty() && System.nanoTime() < deadline) {
                if (process.isAlive()) {
                    process.waitFor(20, TimeUnit.MILLISECONDS);
                } else {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // There is no time to wait, but no process is left alive.
        }
        tree.kill();
        ALL.remove(this);
    }

    @Override
    public void close() {
        if (ALL.contains(this)) {
            if (process.isAlive()) {
                stop(GRACE);
            } else {
                tree.kill();
                ALL.remove(this);
            }
        }
    }

    /** Ends all commands at the end of the JVM, at once, so that one grace time is enough for all. */
    static void stopAll() {
        ALL.forEach(running -> running.tree.terminate());
        ALL.forEach(running -> running.stop(GRACE));
    }

    private void feed(Command.Input input) {
        Pipe pipe = new Pipe(process.getOutputStream());
        try {
            input.writeTo(pipe);
        } catch (IOException | RuntimeException e) {
            // A program that ends without reading all gives its own reason. An interrupted source must not look like a
            // short one.
            if (!pipe.broken) {
                inputFailure = e;
                tree.kill();
            }
        }
        try {
            pipe.close();
        } catch (IOException e) {
            // As above.
        }
    }

    /** Tells whether the reader failed. */
    private static final class Pipe extends FilterOutputStream {
        private boolean broken;

        Pipe(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }
    }

    private void pump(InputStream from, boolean keep, LogLines lines) {
        char[] chunk = new char[8192];
        // Malformed input becomes U+FFFD.
        try (Reader reader = new InputStreamReader(from, StandardCharsets.UTF_8)) {
            for (int n = reader.read(chunk); n >= 0; n = reader.read(chunk)) {
                if (keep) {
                    keep(chunk, n);
                }
                lines.add(chunk, 0, n);
            }
        } catch (IOException e) {
            // The end of a stream whose process was killed.
        }
        lines.close();
    }

    private void keep(char[] chunk, int length) {
        synchronized (output) {
            int room = Processes.OUTPUT_LIMIT - output.length();
            output.append(chunk, 0, Math.min(room, length));
            cut |= room < length;
        }
    }

    private Thread thread(String what, Runnable body) {
        Thread thread = new Thread(body, command.program() + " " + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void drain() throws InterruptedException {
        out.join(DRAIN.toMillis());
        err.join(DRAIN.toMillis());
    }

    private static String words(Duration duration) {
        return duration.toSeconds() >= 120 ? duration.toMinutes() + " minutes" : duration.toSeconds() + " seconds";
    }
}
