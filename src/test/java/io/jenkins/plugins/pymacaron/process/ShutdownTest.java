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

@Timeout(20 * 60)
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
            processes.run(Command.of("sh", "-c", "sleep 1000 & echo $! > c; mv c child; wait")
                    .in(directory));
            // Only the end of the JVM ends the command, and then nothing new is begun.
            try {
                processes.run(Command.of("touch", "late").in(directory));
            } finally {
                new CountDownLatch(1).await();
            }
        }

        static void note(Processes processes, Path directory, String what) {
            run(processes, directory, "echo " + what + " >> notes");
        }

        static void run(Processes processes, Path directory, String script) {
            try {
                processes.run(Command.of("sh", "-c", script).in(directory));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void termEndsProgramsThenCleansUpTheNewestFirst() throws Exception {
        assertThat(terminated(Victim.class)).isEqualTo(128 + 15);

        assertThat(Files.readAllLines(directory.resolve("notes")))
                .isEqualTo(List.of("last registered", "first registered"));
        assertThat(Path.of(Files.readString(directory.resolve("secret")))).doesNotExist();
        assertThat(directory.resolve("late")).doesNotExist();
        long child = Long.parseLong(Files.readString(directory.resolve("child")).strip());
        // A process that was not reaped yet has no program any more.
        assertThat(ProcessHandle.of(child).flatMap(one -> one.info().command())).isEmpty();
    }

    /** Ends it when it has written {@code child}. @return its exit code */
    private int terminated(Class<?> main) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                directory.toString());
        Process victim = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
            while (!Files.exists(directory.resolve("child")) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(5_000_000);
            }
            victim.destroy();

            assertThat(victim.waitFor(600, TimeUnit.SECONDS)).isTrue();
        } finally {
            victim.destroyForcibly();
        }
        return victim.exitValue();
    }

    /** Its own thread is quicker than the end of the JVM, which has refused it all programs by then. */
    static final class Hasty {
        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            Processes processes = new Processes(SecretMask.NONE, line -> {});
            // One that ends only after this thread has closed holds up the end of all.
            Thread slow = new Thread(() -> Victim.run(
                    processes,
                    directory,
                    "trap 'while [ ! -e closed ]; do sleep .05; done; exit' TERM; echo > slow; sleep 50 & wait"));
            slow.setDaemon(true);
            slow.start();
            while (!Files.exists(directory.resolve("slow"))) {
                LockSupport.parkNanos(5_000_000);
            }
            try (Shutdown.Guard guard = Shutdown.guard(() -> Victim.note(processes, directory, "cleaned up"))) {
                Victim.run(processes, directory, "echo $$ > c; mv c child; exec sleep 1000");
            } finally {
                Files.writeString(directory.resolve("closed"), "");
            }
        }
    }

    @Test
    void aResourceClosedWhileTheJvmEndsIsCleanedUpAllTheSame() throws Exception {
        assertThat(terminated(Hasty.class)).isEqualTo(128 + 15);

        assertThat(directory.resolve("closed")).as("by its own thread").exists();
        assertThat(Files.readAllLines(directory.resolve("notes"))).containsExactly("cleaned up");
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
