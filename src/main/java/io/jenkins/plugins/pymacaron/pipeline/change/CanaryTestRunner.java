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
 * Tests a candidate once at each step of its canary, in parallel to the reads that the step waits for. An operation
 * does not run tests: it waits for their verdict, as for any other fact.
 */
public final class CanaryTestRunner implements AutoCloseable {
    /** The time within which processes end after they are told to. */
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
    /** The map is by target too: in two regions, revisions of one deployment have the same name. */
    private final Map<Target, Map<Subject, Future<?>>> begun = new IdentityHashMap<>();

    private final Map<Target, StageFailedException> failures = new IdentityHashMap<>();

    /** Tests the steps of this target in this way from now on. */
    synchronized void of(Target target, Tests how) {
        tests.put(target, how);
    }

    /** Returns the reason why the tests of a step failed, if they did. */
    synchronized Optional<StageFailedException> failure(Target target) {
        return Optional.ofNullable(failures.get(target));
    }

    /** Returns the facts that the target observes, and the verdict of the tests if it is at such a step. */
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
