package io.jenkins.plugins.pymacaron.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * {@code pymdeploy} in a JVM of its own. It can be held at a gate, within a test of the service or at a call of docker,
 * and be signalled or killed there.
 */
final class Child implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20 * 60;

    private final Process process;
    private final Path output;
    private final Path gate;

    private Child(Process process, Path output, Path gate) {
        this.process = process;
        this.output = output;
        this.gate = gate;
    }

    static Child start(Service service, List<String> arguments) throws IOException {
        Path output = Files.createTempFile(service.directory().getParent(), "child", ".txt");
        Path gate = output.resolveSibling(output.getFileName() + ".gate");
        // A parent that ignores Ctrl-C, as a shell's background job does, would leave that to us.
        List<String> argv = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT,TERM",
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dfile.encoding=UTF-8",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.jenkins.plugins.pymacaron.cli.Main"));
        argv.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(service.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(service.environment());
        environment.putIfAbsent("E2E_GATE", gate.toString());
        return new Child(builder.start(), output, gate);
    }

    /** Waits until it stands before the gate. */
    Child atGate() throws Exception {
        Path reached = Path.of(gate + ".reached");
        until(() -> Files.exists(reached) || !process.isAlive());
        if (!Files.exists(reached)) {
            throw new AssertionError("it never came to the gate:\n" + output());
        }
        return this;
    }

    /** @return whether it stands before the gate; otherwise it has ended without coming there */
    boolean atGateOrEnd() throws Exception {
        Path reached = Path.of(gate + ".reached");
        return untilOrEnd(() -> Files.exists(reached));
    }

    /** @return whether that has happened; otherwise it has ended before */
    boolean untilOrEnd(BooleanSupplier happened) throws Exception {
        until(() -> happened.getAsBoolean() || !process.isAlive());
        return happened.getAsBoolean();
    }

    Child awaitOutput(String text) throws Exception {
        until(() -> output().contains(text) || !process.isAlive());
        if (!output().contains(text)) {
            throw new AssertionError("it never said " + text + ":\n" + output());
        }
        return this;
    }

    private void until(BooleanSupplier done) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it takes too long:\n" + output());
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    void openGate() throws IOException {
        Files.writeString(Path.of(gate + ".open"), "");
    }

    /** @param name INT or TERM */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** SIGKILL, to it and to what it has started: nothing of it does anything any more. */
    void kill() throws Exception {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    Service.Ended await() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end:\n" + output());
        }
        return new Service.Ended(process.exitValue(), output());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws Exception {
        if (process.isAlive()) {
            kill();
        }
    }
}
