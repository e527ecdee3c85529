package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.operation.Backoff;
import io.jenkins.plugins.pymacaron.operation.Driver;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.operation.Listener;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.ThreadedRuntime;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes the changes of a target through the real driver, as a run does, but at the pace of a server on loopback. */
public final class Drive implements AutoCloseable {
    private static final Backoff PACE = new Backoff(Duration.ofMillis(50), 1.1, Duration.ofMillis(500), 0.1);

    private final ThreadedRuntime threads = new ThreadedRuntime("drive", 4);
    private final Driver driver = new Driver(threads.clockwork());
    private final JournalStore store;
    private int count;

    /** Sentences of effects, in order. */
    public final List<String> effects = new CopyOnWriteArrayList<>();

    public Drive(Path directory) {
        store = new JournalStore(directory, Clock.systemUTC());
    }

    public Outcome run(Target target, Change change) throws IOException, InterruptedException {
        Observer observer = new Observer(target.environment(), target::read, PACE);
        return driver.run(
                        store.create("change-" + ++count, change.operation().kind(), change.params()),
                        change.operation(),
                        target.effector(),
                        observer,
                        new Listener() {
                            @Override
                            public void intent(Effect effect) {
                                effects.add(effect.sentence());
                            }
                        })
                .await();
    }

    /** Runs a change that has to succeed; otherwise as {@link #run}. */
    public Deployed done(Target target, Change change) throws IOException, InterruptedException {
        Outcome outcome = run(target, change);
        if (outcome instanceof Outcome.Done done) {
            return Deployed.fromMap(done.result()).orElse(null);
        }
        throw new AssertionError(outcome.toString());
    }

    @Override
    public void close() {
        threads.close();
    }
}
