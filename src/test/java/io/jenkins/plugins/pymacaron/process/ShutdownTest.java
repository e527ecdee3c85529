package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ShutdownTest {
    @TempDir
    Path directory;

    /** Runs in a JVM of its own, for the test to end. */
    static final class Victim {
        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            Processes processes = new Processes(SecretMask.NONE, line -> {});
            PrivateDirectory secret = PrivateDirectory.create("pymacaron-test");
            Files.writeString(directory.resolve("secret"), secret.path().toString());
            Shutdown.guard(() -> note(processes, directory, "first registered"));
            Shutdown.guard(() -> note(processes, directory, "last registered"));
            processes.run(
                    Command.of("sh", "-c", "sleep 1000 & echo $! > child; wait").in(directory));
            // Only the end of the JVM ends the command, and then nothing new is begun.
            try {
                processes.run(Command.of("touch", "late").in(directory));
            } finally {
                new CountDownLatch(1).await();
            }
        }

        private static void note(Processes processes, Path directory, String what) {
            try {
                processes.run(
                        Command.of("sh", "-c", "echo " + what + " >> notes").in(directory));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void termEndsProgramsThenCleansUpTheNewestFirst() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                directory.toString());
        Process victim = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!Files.exists(directory.resolve("child")) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(5_000_000);
            }
            victim.destroy();

            assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            victim.destroyForcibly();
        }
        assertThat(victim.exitValue()).isEqualTo(128 + 15);
        assertThat(Files.readAllLines(directory.resolve("notes")))
                .isEqualTo(List.of("last registered", "first registered"));
        assertThat(Path.of(Files.readString(directory.resolve("secret")))).doesNotExist();
        assertThat(directory.resolve("late")).doesNotExist();
        long child = Long.parseLong(Files.readString(directory.resolve("child")).strip());
        Path stat = Path.of("/proc/" + child + "/stat");
        assertThat(!Files.exists(stat) || Files.readString(stat).contains(") Z "))
                .isTrue();
    }

    @Test
    void aGuardCleansUpOnceAndNotAfterItsRelease() {
        AtomicInteger calls = new AtomicInteger();
        Shutdown.Guard guard = Shutdown.guard(calls::incrementAndGet);
        guard.close();
        guard.close();

        assertThat(calls).hasValue(1);
        Shutdown.guard(calls::incrementAndGet).release();
        assertThat(calls).hasValue(1);
        assertThat(Shutdown.begun()).isFalse();
    }
}
