package io.jenkins.plugins.pymacaron.operation;

import java.util.Optional;
import java.util.function.Consumer;

/** The current wait of a run, and the latest observation of its subject. Only tasks of the run use it. */
final class ObservedWait {
    private final Observer observer;
    private final Consumer<TransitionTask> turns;
    private Subject subject;
    private String what = "";
    private Subscription watch;
    private Observation latest;

    ObservedWait(Observer observer, Consumer<TransitionTask> turns) {
        this.observer = observer;
        this.turns = turns;
    }

    /** Sets the wait. @return whether this is another wait than before */
    boolean on(Decision.Await await) {
        if (!await.subject().equals(subject)) {
            end();
            watch(await.subject());
        }
        boolean other = !await.what().equals(what);
        what = await.what();
        return other;
    }

    private void watch(Subject next) {
        subject = next;
        watch = observer.watch(
                next,
                seen -> turns.accept(() -> {
                    if (seen.subject().equals(subject)) {
                        latest = seen;
                    }
                }));
    }

    /** Returns the latest observation; empty unless the subject was seen since this wait began. */
    Optional<Observation> latest() {
        return Optional.ofNullable(latest);
    }

    /** Drops the observation, since something is about to change. */
    void end() {
        if (watch != null) {
            watch.close();
        }
        watch = null;
        subject = null;
        latest = null;
        what = "";
    }
}
