package io.jenkins.plugins.pymacaron.pipeline.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.operation.OwnerLock;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many runs at once want one environment: they get it in the order in which they came, and the dead are not waited for. */
@Timeout(20 * 60)
class FairLockTest {
    private static final int RUNS = 50;
    /** Real processes are heavy; all fifty of them in the long form. */
    private static final int PROCESSES = Boolean.getBoolean("pym.full") ? RUNS : 4;

    private static final Duration WITHIN = Duration.ofMinutes(20);

    @TempDir
    Path directory;

    private Path lock;

    @BeforeEach
    void nameLock() {
        lock = directory.resolve("lock");
    }

    @Test
    void fiftyRunsAreServedAsTheyCame() throws Exception {
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<String> troubles = Collections.synchronizedList(new ArrayList<>());
        List<String> firstWords = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger inside = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        try (FairLock held = FairLock.take(lock, "the first", WITHIN, new Said(new LinkedBlockingQueue<>()))) {
            for (int i = 0; i < RUNS; i++) {
                int number = i;
                Said said = new Said(new LinkedBlockingQueue<>());
                Thread thread = new Thread(() -> {
                    try (FairLock turn = FairLock.take(lock, "run " + number, WITHIN, said)) {
                        if (inside.incrementAndGet() != 1) {
                            troubles.add("run " + number + " is not alone");
                        }
                        served.add(number);
                        inside.decrementAndGet();
                    } catch (IOException | InterruptedException e) {
                        troubles.add(number + ": " + e);
                    }
                });
                thread.start();
                threads.add(thread);
                // A process says so only once it has a place in line, and so the order of arrival is known.
                firstWords.add(said.lines().poll(600, TimeUnit.SECONDS));
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(troubles).isEmpty();
        assertThat(served).isEqualTo(IntStream.range(0, RUNS).boxed().toList());
        assertThat(firstWords)
                .isEqualTo(IntStream.range(0, RUNS)
                        .mapToObj(i -> "Waiting for the first; place " + (i + 1) + " in line")
                        .toList());
        assertThat(tickets()).isEmpty();
    }

    @Test
    void theDeadAreNotWaitedFor() throws Exception {
        List<Child> children = new ArrayList<>();
        try {
            try (FairLock held = FairLock.take(lock, "the first", WITHIN, new Said(new LinkedBlockingQueue<>()))) {
                for (int i = 0; i < PROCESSES; i++) {
                    children.add(Child.start(lock, "child " + i));
                    assertThat(children.get(i).line())
                            .isEqualTo("Waiting for the first; place " + (i + 1) + " in line");
                }
                // The first of those who wait, the last, and one between.
                for (int i : new int[] {0, PROCESSES / 2, PROCESSES - 1}) {
                    children.get(i).kill();
                }
            }
            for (int i = 0; i < PROCESSES; i++) {
                Child child = children.get(i);
                if (child.alive()) {
                    assertThat(child.until("has it")).as("child " + i).isEqualTo("has it");
                    // Dies with the lock in its hands.
                    child.kill();
                }
            }
            try (FairLock last = FairLock.take(lock, "the last", WITHIN, new Said(new LinkedBlockingQueue<>()))) {
                assertThat(tickets()).as("only that of the last").hasSize(1);
            }
        } finally {
            for (Child child : children) {
                child.kill();
            }
        }
        assertThat(tickets()).isEmpty();
    }

    @Test
    void anEarlierVersionThatKnowsNoLineIsWaitedForToo() throws Exception {
        Said said = new Said(new LinkedBlockingQueue<>());
        CountDownLatch taken = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try (FairLock turn = FairLock.take(lock, "the second", WITHIN, said)) {
                taken.countDown();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (OwnerLock old = OwnerLock.tryTake(lock, "an earlier version").orElseThrow()) {
            thread.start();
            assertThat(said.lines().poll(600, TimeUnit.SECONDS))
                    .isEqualTo("Waiting for an earlier version; place 1 in line");
            assertThat(taken.getCount()).isOne();
        }
        assertThat(taken.await(600, TimeUnit.SECONDS)).isTrue();
        thread.join();
    }

    @Test
    void aRunThatGivesUpOrIsInterruptedLeavesTheLine() throws Exception {
        try (FairLock held = FairLock.take(lock, "the first", WITHIN, new Said(new LinkedBlockingQueue<>()))) {
            assertThatThrownBy(() ->
                            FairLock.take(lock, "impatient", Duration.ZERO, new Said(new LinkedBlockingQueue<>())))
                    .hasMessage("gave up after 0 minutes: the first is still at it");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> FairLock.take(lock, "stopped", WITHIN, new Said(new LinkedBlockingQueue<>())))
                    .isInstanceOf(InterruptedException.class);
            assertThat(tickets()).hasSize(1);
        }
    }

    private List<String> tickets() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("lock.line"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .toList();
        }
    }

    /** A process that wants the lock, and keeps it until it is killed. */
    private record Child(Process process, BufferedReader output) {
        static Child start(Path lock, String me) throws IOException {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx32m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Waiter.class.getName(),
                            lock.toString(),
                            me)
                    .redirectErrorStream(true)
                    .start();
            return new Child(process, process.inputReader());
        }

        String line() throws IOException {
            return output.readLine();
        }

        String until(String wanted) throws IOException {
            String line = output.readLine();
            while (line != null && !line.equals(wanted)) {
                line = output.readLine();
            }
            return line;
        }

        boolean alive() {
            return process.isAlive();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** The program of {@link Child}. */
    static final class Waiter {
        public static void main(String[] args) throws Exception {
            try (FairLock turn =
                    FairLock.take(Path.of(args[0]), args[1], WITHIN, new Said(new LinkedBlockingQueue<>()) {
                        @Override
                        public void say(String text) {
                            System.out.println(text);
                        }
                    })) {
                System.out.println("has it");
                new CountDownLatch(1).await();
            }
        }
    }

    private static class Said implements RunProgress {
        private final BlockingQueue<String> lines;

        Said(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        BlockingQueue<String> lines() {
            return lines;
        }

        @Override
        public void say(String text) {
            lines.add(text);
        }

        @Override
        public void line(String text) {}

        @Override
        public void warning(String text) {}

        @Override
        public void started(Stage stage) {}

        @Override
        public void passed(Stage stage, Duration took, String note) {}

        @Override
        public void skipped(Stage stage, String why) {}

        @Override
        public void failed(Stage stage, Duration took, String why) {}
    }
}
