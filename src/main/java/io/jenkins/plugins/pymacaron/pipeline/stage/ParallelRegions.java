package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Does the same work in several regions at once, with a thread for each, and waits for all of them: a failure in one
 * region does not end the others. An interrupt is passed on to all of them, and they are waited for too.
 */
final class ParallelRegions {
    private ParallelRegions() {}

    /** The work in one region. */
    @FunctionalInterface
    interface Work {
        void run(EnvironmentDeployment region) throws StageFailedException, IOException, InterruptedException;
    }

    /**
     * Does the work in all regions.
     *
     * @throws StageFailedException the only failure; or the most serious one, with the messages of all
     */
    static void run(List<EnvironmentDeployment> regions, Work work)
            throws StageFailedException, IOException, InterruptedException {
        if (regions.size() == 1) {
            work.run(regions.get(0));
            return;
        }
        Map<EnvironmentDeployment, Exception> failures = attempt(regions, work);
        if (!failures.isEmpty()) {
            throw combined(failures);
        }
    }

    /**
     * Does the work in all regions.
     *
     * @return the failures, in the order of the regions
     * @throws InterruptedException when the caller was interrupted and no region failed
     */
    static Map<EnvironmentDeployment, Exception> attempt(List<EnvironmentDeployment> regions, Work work)
            throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool(body -> {
            Thread thread = new Thread(body, "region");
            thread.setDaemon(true);
            return thread;
        });
        Map<EnvironmentDeployment, Future<?>> begun = new LinkedHashMap<>();
        for (EnvironmentDeployment region : regions) {
            begun.put(region, threads.submit(() -> {
                work.run(region);
                return null;
            }));
        }
        threads.shutdown();
        Map<EnvironmentDeployment, Exception> failures = new LinkedHashMap<>();
        boolean interrupted = false;
        for (EnvironmentDeployment region : regions) {
            while (true) {
                try {
                    begun.get(region).get();
                    break;
                } catch (ExecutionException e) {
                    failures.put(region, exception(e.getCause()));
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.shutdownNow();
                }
            }
        }
        if (interrupted && failures.isEmpty()) {
            throw new InterruptedException("interrupted while all regions ended well");
        }
        return failures;
    }

    private static Exception exception(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (Exception) cause;
    }

    private static StageFailedException combined(Map<EnvironmentDeployment, Exception> failures)
            throws IOException, InterruptedException {
        Exception worst = failures.values().stream()
                .min(Comparator.comparingInt(ParallelRegions::rank))
                .orElseThrow();
        if (worst instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (worst instanceof RuntimeException defect) {
            throw defect;
        }
        if (failures.size() == 1) {
            if (worst instanceof IOException io) {
                throw io;
            }
            return (StageFailedException) worst;
        }
        String all = failures.entrySet().stream()
                .map(e -> e.getKey().environment() + ": " + IoMessages.ofAny(e.getValue()))
                .collect(Collectors.joining("; "));
        if (worst instanceof StageFailedException failure) {
            return new StageFailedException(failure.outcome(), all, failure);
        }
        throw new IOException(all, worst);
    }

    /** Returns how serious a failure is, from 0: a defect, a failed undo, an unfinished change, any other failure. */
    private static int rank(Exception failure) {
        if (failure instanceof StageFailedException stage) {
            return stage.outcome() == RunOutcome.ROLLBACK_FAILED ? 1 : stage.isSuspended() ? 2 : 3;
        }
        return failure instanceof InterruptedException ? 5 : failure instanceof IOException ? 4 : 0;
    }
}
