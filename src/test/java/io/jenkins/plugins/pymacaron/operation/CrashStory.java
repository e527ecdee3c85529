package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Any operation from its begin to its end, through all the processes that it takes, with the real driver and journal
 * under {@link VirtualTime}. At each point at which a process can die or a user can step in, the story counts, and lets
 * the planned event of that number happen. A dead process does nothing any more, even if its code goes on. The world
 * behind {@code effector} and {@code reader} stays.
 */
public final class CrashStory {
    private static final Duration LIMIT = Duration.ofDays(3);

    private final VirtualTime time;
    private final Random random;
    private final Operation operation;
    private final Map<String, String> params;
    private final Effector world;
    private final Observer.Reader reader;
    private final Disk disk = new Disk();

    private Set<Integer> crashes = Set.of();
    private int stop = -1;
    private int suspend = -1;
    private boolean undone;
    private Interlude interlude = process -> {};
    private int point;
    private int processes;
    private Process process;

    /** @param time of the world too */
    public CrashStory(
            VirtualTime time,
            long seed,
            Operation operation,
            Map<String, String> params,
            Effector world,
            Observer.Reader reader) {
        Quiet.please();
        this.time = time;
        this.random = new Random(seed);
        this.operation = operation;
        this.params = params;
        this.world = world;
        this.reader = reader;
    }

    /** Kills the process at those points. */
    public CrashStory crashAt(Set<Integer> points) {
        crashes = points;
        return this;
    }

    /** Stops the operation at that point. */
    public CrashStory stopAt(int at) {
        stop = at;
        return this;
    }

    /** Shuts the process down in good order at that point. */
    public CrashStory suspendAt(int at) {
        suspend = at;
        return this;
    }

    /** Makes every process but the first undo the work that it finds, as a clean-up does. */
    public CrashStory undoneByOthers() {
        undone = true;
        return this;
    }

    /** An event between two processes. */
    @FunctionalInterface
    public interface Interlude {
        /** @param process the number of the process that is dead, from 1 */
        void after(int process) throws IOException;
    }

    /** Adds an event while no process of this story exists. */
    public CrashStory between(Interlude other) {
        interlude = other;
        return this;
    }

    /** Returns whether the operation has ended, by its journal. */
    public boolean hasEnded() {
        return journal().contains("\"entry\":\"end\"");
    }

    /** Returns the number of points. */
    public int points() {
        return point;
    }

    public int processes() {
        return processes;
    }

    /** The journal as it is, to look for what must not be in it. */
    public String journal() {
        return new String(disk.read(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Returns its final outcome. */
    public Outcome tell() throws IOException {
        while (true) {
            process = new Process();
            processes++;
            process.start();
            boolean over =
                    time.runUntil(() -> !process.alive || process.run.outcome().isDone(), LIMIT);
            if (!over) {
                throw new AssertionError("nothing happens any more: " + journal());
            }
            if (process.alive && !(process.run.outcome().join() instanceof Outcome.Suspended)) {
                return process.run.outcome().join();
            }
            process.alive = false;
            interlude.after(processes);
            time.advance(Duration.ofMillis(random.nextInt(120_000)));
        }
    }

    private final class Process implements Storage, Effector {
        private boolean alive = true;
        private Run run;

        void start() throws IOException {
            DriverRuntime clockwork = clockwork();
            boolean begun = JournalFormat.read("journal", disk.read()).length() > 0;
            if (!begun) {
                disk.cut(0);
            }
            Journal journal = begun
                    ? Journal.resume("journal", this, time)
                    : Journal.begin("journal", this, time, operation.kind(), params);
            Observer observer = new Observer(
                    "world", this::look, new Backoff(Duration.ofSeconds(5), 1.2, Duration.ofMinutes(1), 0.2));
            if (alive) {
                Driver driver = new Driver(clockwork);
                boolean back =
                        undone && processes > 1 && journal.state().outcome().isEmpty();
                run = back
                        ? driver.undo(journal, operation, this, observer, Listener.NONE, "its run was cut off")
                        : driver.run(journal, operation, this, observer, Listener.NONE);
            }
        }

        private DriverRuntime clockwork() {
            Consumer<Runnable> now = body -> time.execute(() -> whileAlive(body));
            return new DriverRuntime(
                    (delay, body) -> time.schedule(delay, () -> whileAlive(body)),
                    time,
                    now::accept,
                    now::accept,
                    random::nextDouble);
        }

        private void whileAlive(Runnable body) {
            if (alive) {
                body.run();
            }
        }

        private void point() {
            if (!alive) {
                return;
            }
            int here = point++;
            if (here == stop) {
                if (run != null) {
                    run.stop("enough");
                } else {
                    stop++;
                }
            }
            if (here == suspend && run != null) {
                run.suspend("shutdown");
            }
            if (crashes.contains(here)) {
                alive = false;
            }
        }

        @Override
        public byte[] read() {
            return disk.read();
        }

        @Override
        public void append(byte[] line) throws IOException {
            point();
            boolean before = alive;
            point();
            if (alive) {
                disk.append(line);
                point();
            } else if (before) {
                disk.tear(line, random.nextInt(line.length));
            }
        }

        @Override
        public void cut(long length) {
            disk.cut(length);
        }

        @Override
        public void close() {}

        @Override
        public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
            point();
            if (!alive) {
                throw EffectException.retry("dead");
            }
            try {
                return world.apply(effect);
            } finally {
                point();
            }
        }

        @Override
        public Lookup find(Effect effect) throws InterruptedException {
            point();
            return alive ? world.find(effect) : Lookup.unknown("dead");
        }

        private Map<String, String> look(Subject subject) throws IOException, InterruptedException {
            point();
            return reader.read(subject);
        }
    }
}
