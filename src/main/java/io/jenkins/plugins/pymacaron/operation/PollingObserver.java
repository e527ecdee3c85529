package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Reads for all watchers of one account at once, so that the number of requests does not grow with the number of
 * waiting builds. It slows down while nothing changes, returns to its first pace at a change or a new watcher, backs
 * off while reads fail, and stops when there is no watcher.
 */
public final class PollingObserver implements Observer {
    private static final Logger LOGGER = Logger.getLogger(PollingObserver.class.getName());

    /** A read that takes longer has lost its connection, and is interrupted. */
    static final Duration READ_LIMIT = Duration.ofMinutes(1);

    /** Reads any number of subjects at once. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads the subjects.
         *
         * @return the facts of every subject that could be read; others are asked for again next time
         * @throws IOException when nothing could be read; no watcher is told, and it is tried again later
         */
        Map<Subject, Map<String, String>> read(Set<Subject> subjects) throws IOException, InterruptedException;
    }

    /** This is not a record: two watchers are never equal. */
    private static final class Watcher {
        private final Subject subject;
        private final Consumer<Observation> sink;

        Watcher(Subject subject, Consumer<Observation> sink) {
            this.subject = subject;
            this.sink = sink;
        }

        Subject subject() {
            return subject;
        }
    }

    private final String name;
    private final Reader reader;
    private final DriverRuntime clockwork;
    private final Backoff pace;
    private final Backoff trouble;
    private final Consumer<String> log;

    private final Set<Watcher> watchers = new LinkedHashSet<>();
    private Map<Subject, Map<String, String>> seen = Map.of();
    private Scheduler.Timer timer = () -> {};
    private InterruptibleCall reading;
    private Instant readAt = Instant.MIN;
    private int unchanged;
    private int failures;

    /**
     * Makes an observer.
     *
     * @param name what is read, for the log: "Elastic Beanstalk in eu-west-1"
     * @param pace how often to read, growing while nothing changes
     * @param trouble how long to wait after failed reads
     * @param log told once when reads begin to fail and once when they work again
     */
    public PollingObserver(
            String name, Reader reader, DriverRuntime clockwork, Backoff pace, Backoff trouble, Consumer<String> log) {
        this.name = name;
        this.reader = reader;
        this.clockwork = clockwork;
        this.pace = pace;
        this.trouble = trouble;
        this.log = log;
    }

    @Override
    public synchronized Subscription watch(Subject subject, Consumer<Observation> sink) {
        Watcher watcher = new Watcher(subject, sink);
        watchers.add(watcher);
        unchanged = 0;
        if (reading == null && failures == 0) {
            Duration since = readAt.equals(Instant.MIN) ? pace.first() : Duration.between(readAt, now());
            later(
                    since.isNegative() || since.compareTo(pace.first()) >= 0
                            ? Duration.ZERO
                            : pace.first().minus(since));
        } else if (reading == null && watchers.size() == 1) {
            later(trouble.delay(failures - 1, random()));
        }
        return () -> leave(watcher);
    }

    private synchronized void leave(Watcher watcher) {
        watchers.remove(watcher);
        if (watchers.isEmpty()) {
            timer.cancel();
            seen = Map.of();
        }
    }

    private void later(Duration delay) {
        timer.cancel();
        try {
            timer = clockwork.scheduler().schedule(delay, this::read);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "shutting down", e);
        }
    }

    private synchronized void read() {
        if (reading != null || watchers.isEmpty()) {
            return;
        }
        readAt = now();
        List<Watcher> present = List.copyOf(watchers);
        Set<Subject> subjects = present.stream().map(Watcher::subject).collect(Collectors.toUnmodifiableSet());
        try {
            InterruptibleCall call = InterruptibleCall.start(clockwork.calls(), () -> read(present, subjects, now()));
            reading = call;
            timer = clockwork.scheduler().schedule(READ_LIMIT, call::interrupt);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "shutting down", e);
        }
    }

    private void read(List<Watcher> present, Set<Subject> subjects, Instant began) {
        Map<Subject, Map<String, String>> facts = Map.of();
        String failure = "";
        try {
            facts = reader.read(subjects);
        } catch (InterruptedException e) {
            failure = "no answer";
        } catch (Throwable e) {
            LOGGER.log(Level.FINE, "a reading failed", e);
            failure = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        note(facts, failure);
        for (Watcher watcher : present) {
            if (facts.containsKey(watcher.subject())) {
                tell(watcher, new Observation(watcher.subject(), began, facts.get(watcher.subject())));
            }
        }
    }

    private synchronized void note(Map<Subject, Map<String, String>> facts, String failure) {
        reading = null;
        timer.cancel();
        if (failure.isEmpty()) {
            if (failures > 0) {
                log.accept(name + " can be read again");
            }
            failures = 0;
            unchanged = facts.equals(seen) ? unchanged + 1 : 0;
            seen = new HashMap<>(facts);
        } else {
            if (failures == 0) {
                log.accept("cannot read " + name + " now, trying again: " + failure);
            }
            failures++;
        }
        if (!watchers.isEmpty()) {
            later(failures > 0 ? trouble.delay(failures - 1, random()) : pace.delay(unchanged, random()));
        }
    }

    private synchronized void tell(Watcher watcher, Observation observation) {
        if (!watchers.contains(watcher)) {
            return;
        }
        try {
            watcher.sink.accept(observation);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "a watcher of " + watcher.subject() + " threw", e);
        }
    }

    private double random() {
        return clockwork.random().getAsDouble();
    }

    private Instant now() {
        return clockwork.clock().instant();
    }
}
