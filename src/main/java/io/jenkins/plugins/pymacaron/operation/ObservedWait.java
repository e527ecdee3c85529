package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The current wait of a run. It reads the subject again and again, slower while nothing changes, and backs off while
 * reads fail. Only tasks of the run use it.
 */
final class ObservedWait {
    private static final Logger LOGGER = Logger.getLogger(ObservedWait.class.getName());

    /** A read that takes longer has lost its connection, and is interrupted. */
    static final Duration READ_LIMIT = Duration.ofMinutes(1);

    private final Observer observer;
    private final DriverRuntime clockwork;
    private final Executor tasks;
    private final Runnable news;
    private final Consumer<String> note;

    private Subject subject;
    private String what = "";
    private Observation latest;
    private Scheduler.Timer timer = () -> {};
    private InterruptibleCall reading;
    private Instant readAt = Instant.MIN;
    /** The number of this wait: a read that began for an earlier one says nothing about the present. */
    private int number;

    private int unchanged;
    private int failures;

    /**
     * Makes a wait for nothing.
     *
     * @param tasks runs the tasks of the run, one at a time
     * @param news runs after each observation
     * @param note is told once when reads begin to fail, and once when they work again
     */
    ObservedWait(Observer observer, DriverRuntime clockwork, Executor tasks, Runnable news, Consumer<String> note) {
        this.observer = observer;
        this.clockwork = clockwork;
        this.tasks = tasks;
        this.news = news;
        this.note = note;
    }

    /** Sets the wait. @return whether this is another wait than before */
    boolean on(Decision.Await await) {
        if (!await.subject().equals(subject)) {
            end();
            subject = await.subject();
            later(firstDelay());
        }
        boolean other = !await.what().equals(what);
        what = await.what();
        return other;
    }

    /** Returns the latest observation; empty unless the subject was seen since this wait began. */
    Optional<Observation> latest() {
        return Optional.ofNullable(latest);
    }

    /** Drops the observation, since something is about to change. */
    void end() {
        number++;
        timer.cancel();
        if (reading != null) {
            reading.interrupt();
        }
        reading = null;
        subject = null;
        latest = null;
        unchanged = 0;
        what = "";
    }

    /** Returns the delay of the first read: a new wait is served soon, but not faster than the first pace. */
    private Duration firstDelay() {
        if (failures > 0) {
            return Backoff.RETRY.delay(failures - 1, random());
        }
        Instant due =
                readAt.equals(Instant.MIN) ? now() : readAt.plus(observer.pace().first());
        return due.isAfter(now()) ? Duration.between(now(), due) : Duration.ZERO;
    }

    private void later(Duration delay) {
        int wait = number;
        after(delay, () -> {
            if (wait == number && reading == null) {
                read();
            }
        });
    }

    private void after(Duration delay, Runnable task) {
        timer.cancel();
        try {
            timer = clockwork.scheduler().schedule(delay, () -> tasks.execute(task));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "shutting down", e);
        }
    }

    private void read() {
        int wait = number;
        Subject asked = subject;
        readAt = now();
        try {
            reading = InterruptibleCall.start(clockwork.calls(), () -> read(asked, wait));
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "shutting down", e);
            return;
        }
        InterruptibleCall call = reading;
        after(READ_LIMIT, () -> {
            if (call == reading && call.interrupt()) {
                failed("there was no free thread to read it");
            }
        });
    }

    private void read(Subject asked, int wait) {
        Instant began = now();
        Runnable answer;
        try {
            Observation observation =
                    new Observation(asked, began, observer.reader().read(asked));
            answer = () -> seen(observation);
        } catch (InterruptedException e) {
            answer = () -> failed("no answer");
        } catch (Throwable e) {
            LOGGER.log(Level.FINE, "a read failed", e);
            answer = () -> failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        Runnable told = answer;
        tasks.execute(() -> {
            if (wait == number) {
                told.run();
            }
        });
    }

    private void seen(Observation observation) {
        reading = null;
        if (failures > 0) {
            note.accept(observer.name() + " can be read again");
        }
        failures = 0;
        unchanged = latest != null && observation.facts().equals(latest.facts()) ? unchanged + 1 : 0;
        latest = observation;
        later(observer.pace().delay(unchanged, random()));
        news.run();
    }

    private void failed(String why) {
        reading = null;
        if (failures == 0) {
            note.accept("cannot read " + observer.name() + " now, trying again: " + why);
        }
        later(Backoff.RETRY.delay(failures++, random()));
    }

    private double random() {
        return clockwork.random().getAsDouble();
    }

    private Instant now() {
        return clockwork.clock().instant();
    }
}
