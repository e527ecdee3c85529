package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A {@link Chain} from its begin to its end, through all the processes that it takes: at each point where a process can
 * die or somebody can step in, the story counts, and lets happen what was planned for that number. A dead process does
 * nothing any more, whatever its code believes.
 */
final class Story {
    private static final Duration LIMIT = Duration.ofDays(3);

    final VirtualTime time;
    final World world;
    final Disk disk = new Disk();
    private final Random random;
    private final int things;

    private Set<Integer> crashes = Set.of();
    private int stop = -1;
    private int suspend = -1;
    private int point;
    private int processes;
    private Process process;

    Story(long seed, int things) {
        Quiet.please();
        this.time = new VirtualTime(seed);
        this.world = new World(time, seed, Chain.SETTLE);
        this.random = new Random(seed);
        this.things = things;
    }

    Story crashAt(Set<Integer> points) {
        crashes = points;
        return this;
    }

    Story stopAt(int at) {
        stop = at;
        return this;
    }

    Story suspendAt(int at) {
        suspend = at;
        return this;
    }

    /** How many points there were. */
    int points() {
        return point;
    }

    int processes() {
        return processes;
    }

    /** How it ended, for good. */
    Outcome tell() throws IOException {
        while (true) {
            process = new Process();
            processes++;
            process.start();
            boolean over =
                    time.runUntil(() -> !process.alive || process.run.outcome().isDone(), LIMIT);
            if (!over) {
                throw new AssertionError("nothing happens any more: " + new String(disk.read()));
            }
            if (process.alive && !(process.run.outcome().join() instanceof Outcome.Suspended)) {
                return process.run.outcome().join();
            }
            process.alive = false;
            time.advance(Duration.ofMillis(random.nextInt(120_000)));
        }
    }

    private final class Process implements Storage, Effector {
        private boolean alive = true;
        private Run run;

        void start() throws IOException {
            Clockwork clockwork = clockwork();
            boolean begun = JournalFormat.read("journal", disk.read()).length() > 0;
            if (!begun) {
                disk.cut(0);
            }
            Journal journal = begun
                    ? Journal.resume("journal", this, time)
                    : Journal.begin("journal", this, time, "test.chain", Chain.length(things));
            Observer observer = new PollingObserver(
                    "world",
                    this::look,
                    clockwork,
                    new Backoff(Duration.ofSeconds(5), 1.2, Duration.ofMinutes(1), 0.2),
                    Backoff.RETRY,
                    line -> {});
            if (alive) {
                run = new Driver(clockwork).run(journal, new Chain(), this, observer, Listener.NONE);
            }
        }

        private Clockwork clockwork() {
            Consumer<Runnable> now = body -> time.execute(() -> whileAlive(body));
            return new Clockwork(
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
        public Lookup find(Effect effect) {
            point();
            return alive ? world.find(effect) : Lookup.unknown("dead");
        }

        private Map<Subject, Map<String, String>> look(Set<Subject> subjects) throws IOException {
            point();
            return world.read(subjects);
        }
    }
}
