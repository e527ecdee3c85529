package io.jenkins.plugins.pymacaron.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process, really killed between an apply and its result. */
@Timeout(20 * 60)
class KilledProcessTest {
    @TempDir
    Path directory;

    private FileWorld world() {
        return new FileWorld(directory, "");
    }

    private void killAfter(String key) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FileWorld.class.getName(),
                        directory.toString(),
                        key)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = child.inputReader()) {
            assertThat(output.readLine()).isEqualTo(FileWorld.APPLIED);
            assertThatThrownBy(() -> store().open("a"))
                    .isInstanceOf(JournalHeldException.class)
                    .hasMessage(directory.resolve("a.journal") + " is being driven by process " + child.pid());
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(600, TimeUnit.SECONDS)).isTrue();
        }
    }

    private JournalStore store() {
        return new JournalStore(directory, Clock.systemUTC());
    }

    @Test
    void isResumedAndNothingIsDoneTwice() throws Exception {
        killAfter("make-1");
        try (ThreadedRuntime threads = new ThreadedRuntime("test", 2)) {
            Run run = new Driver(threads.clockwork())
                    .run(store().open("a"), new Chain(), world(), FileWorld.observer(), Listener.NONE);

            assertThat(run.await())
                    .isEqualTo(
                            new Outcome.Done(Map.of("thing-0", "applied", "thing-1", "found", "thing-2", "applied")));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(world().count("make-" + i)).isEqualTo("once\n");
        }
    }

    @Test
    void isUndoneAndNothingIsUndoneTwice() throws Exception {
        killAfter("make-1");
        try (ThreadedRuntime threads = new ThreadedRuntime("test", 2)) {
            Run run = new Driver(threads.clockwork())
                    .undo(
                            store().open("a"),
                            new Chain(),
                            world(),
                            FileWorld.observer(),
                            Listener.NONE,
                            "its owner is gone");

            assertThat(run.await()).isEqualTo(new Outcome.Stopped("its owner is gone", List.of()));
        }
        for (int i = 0; i < 2; i++) {
            assertThat(world().count("make-" + i)).isEqualTo("once\n");
            assertThat(world().count("drop-" + i)).isEqualTo("once\n");
        }
        assertThat(world().find(Chain.make(2))).isEqualTo(Lookup.ABSENT);
    }
}
