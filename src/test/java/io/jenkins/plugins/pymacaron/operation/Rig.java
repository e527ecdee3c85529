package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One process with a world that settles at once, and a log of all events of its runs. */
final class Rig {
    final VirtualTime time = new VirtualTime();
    final World world = new World(time, 1, Duration.ZERO);
    final Disk disk = new Disk();
    final List<String> log = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    Driver driver = new Driver(time.clockwork());

    final Listener listener = new Listener() {
        @Override
        public void intent(Effect effect) {
            tell("intent " + effect.key());
        }

        @Override
        public void applied(Effect effect, State.Result result) {
            tell(result.how() + " " + effect.key());
        }

        @Override
        public void waiting(String what, Instant deadline) {
            tell("waiting for " + what);
        }

        @Override
        public void note(String line) {
            tell(line);
        }

        @Override
        public void done(Outcome outcome) {
            tell(outcome.getClass().getSimpleName());
        }
    };

    Rig() {
        Quiet.please();
    }

    private void tell(String line) {
        log.add(line);
        times.add(time.instant());
    }

    /** Returns how long after the beginning that line was logged first. */
    Duration when(String line) {
        int at = log.indexOf(line);
        if (at < 0) {
            throw new AssertionError(line + " is not in " + log);
        }
        return Duration.between(VirtualTime.BEGIN, times.get(at));
    }

    Observer observer() {
        Backoff pace = new Backoff(Duration.ofSeconds(1), 1.2, Duration.ofSeconds(15), 0);
        return new Observer("world", world::read, pace);
    }

    Run start(Operation operation, Map<String, String> params) throws IOException {
        return start(operation, params, world);
    }

    Run start(Operation operation, Map<String, String> params, Effector effector) throws IOException {
        Journal journal = Journal.begin("journal", disk, time, operation.kind(), params);
        return driver.run(journal, operation, effector, observer(), listener);
    }

    Run chain(int things) throws IOException {
        return start(new Chain(), Chain.length(things));
    }

    Run chain(int things, Effector effector) throws IOException {
        return start(new Chain(), Chain.length(things), effector);
    }

    /** Another process takes the journal up. */
    Run resume() throws IOException {
        return driver.run(Journal.resume("journal", disk, time), new Chain(), world, observer(), listener);
    }

    Outcome end(Run run) {
        if (!time.runUntil(() -> run.outcome().isDone(), Duration.ofDays(1))) {
            throw new AssertionError("it never ends: " + log);
        }
        return run.outcome().join();
    }

    State state() throws IOException {
        return Journal.resume("journal", disk, time).state();
    }
}
