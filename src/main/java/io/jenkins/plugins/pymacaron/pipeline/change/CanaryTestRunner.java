package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.targets.CanaryVerdict;
import io.jenkins.plugins.pymacaron.targets.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Has a candidate tested once at each step of its way to all of the traffic, beside the reading that the step waits on. An
 * operation does not run tests: it waits for what they say, as for anything else.
 */
public final class CanaryTestRunner implements AutoCloseable {
    /** Until processes that are told to end have ended. */
    private static final long END_SECONDS = 30;

    /** Tests a candidate. */
    public interface Tests {
        void run() throws StageFailedException, IOException, InterruptedException;
    }

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "pymacaron trial");
        made.setDaemon(true);
        return made;
    });
    private final Map<Target, Tests> tests = new IdentityHashMap<>();
    /** By target too: in two regions, revisions of one deployment have one name. */
    private final Map<Target, Map<Subject, Future<?>>> begun = new IdentityHashMap<>();

    private final Map<Target, StageFailedException> failures = new IdentityHashMap<>();

    /** From now on steps of this target are tested so. */
    synchronized void of(Target target, Tests how) {
        tests.put(target, how);
    }

    /** Why the tests of a step failed, if they did. */
    synchronized Optional<StageFailedException> failure(Target target) {
        return Optional.ofNullable(failures.get(target));
    }

    /** What the target sees, and what its tests say if it is at such a step. */
    Map<String, String> read(Target target, Subject subject) throws InterruptedException {
        Map<String, String> seen = target.read(subject);
        if (!target.isTried(subject) || !isTested(target)) {
            return seen;
        }
        Map<String, String> all = new HashMap<>(seen);
        all.put(CanaryVerdict.ACCEPTED, said(target, subject));
        return all;
    }

    private synchronized boolean isTested(Target target) {
        return tests.containsKey(target);
    }

    private synchronized String said(Target target, Subject subject) throws InterruptedException {
        Tests how = tests.get(target);
        Future<?> run = begun.computeIfAbsent(target, t -> new HashMap<>())
                .computeIfAbsent(
                        subject,
                        s -> thread.submit(() -> {
                            how.run();
                            return null;
                        }));
        if (!run.isDone()) {
            return "";
        }
        try {
            run.get();
            return CanaryVerdict.PASSED;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StageFailedException failed) {
                failures.put(target, failed);
            }
            return String.valueOf(e.getCause().getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
