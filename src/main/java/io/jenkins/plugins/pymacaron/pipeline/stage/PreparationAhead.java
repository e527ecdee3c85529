package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.DeferredProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.process.FailedTask;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Prepares the candidates for live while staging is accepted, in a thread of its own. The promotion prepares them under
 * the same names, so it finds each result, or each failure, in the journals. This class only begins earlier: it decides
 * nothing, and the failures are reported by the promotion.
 */
final class PreparationAhead implements AutoCloseable {
    private final PreparedRun prepared;
    private final OperationRunner operations;
    private final RunState state;
    private final DeferredProgress lines;
    private Optional<Work> work = Optional.empty();

    /** The running work. @param reporting the runner that it uses */
    private record Work(
            List<EnvironmentDeployment> lanes, FutureTask<Void> task, Thread thread, OperationRunner reporting) {}

    PreparationAhead(PreparedRun prepared, OperationRunner operations, RunState state, RunProgress progress) {
        this.prepared = prepared;
        this.operations = operations;
        this.state = state;
        lines = new DeferredProgress(progress);
    }

    /** Begins in the environments where this is possible, perhaps in none. */
    void begin(List<EnvironmentDeployment> lanes, Promotion.Candidates candidates)
            throws StageFailedException, IOException, InterruptedException {
        Map<EnvironmentDeployment, Candidate> possible = possible(lanes, candidates);
        if (possible.isEmpty()) {
            return;
        }
        OperationRunner reporting = operations.reportingTo(lines);
        Map<EnvironmentDeployment, Candidate> all = new LinkedHashMap<>();
        possible.forEach(
                (lane, candidate) -> all.put(new EnvironmentDeployment(lane.place(), reporting, state), candidate));
        List<EnvironmentDeployment> ahead = List.copyOf(all.keySet());
        FutureTask<Void> task = new FutureTask<>(() -> {
            ParallelRegions.attempt(ahead, lane -> lane.prepare(all.get(lane), prepared.timeout(Stage.PROMOTE)));
            return null;
        });
        Thread thread = new Thread(task, "prepare for live");
        thread.setDaemon(true);
        work = Optional.of(new Work(ahead, task, thread, reporting));
        lines.line("begun while staging was accepted:");
        thread.start();
    }

    /**
     * Returns the candidates that may be prepared before staging is accepted. A command before the promotion may make
     * what they need, so they wait for it. A candidate could be the first to answer if nothing serves.
     */
    private Map<EnvironmentDeployment, Candidate> possible(
            List<EnvironmentDeployment> lanes, Promotion.Candidates candidates)
            throws StageFailedException, IOException, InterruptedException {
        Map<EnvironmentDeployment, Candidate> possible = new LinkedHashMap<>();
        boolean commanded =
                !prepared.live().get(0).environment().config().prePromote().isEmpty();
        if (commanded || !prepared.base().overlap() || state.isDone(Stage.ACCEPT_STAGING)) {
            return possible;
        }
        for (EnvironmentDeployment lane : lanes) {
            Candidate candidate = candidates.of(lane);
            if (lane.place().target().preparesAlone() && lane.standing().serves() && !lane.serves(candidate)) {
                possible.put(lane, candidate);
            }
        }
        return possible;
    }

    boolean hasBegun() {
        return work.isPresent();
    }

    /**
     * Waits for the end, and shows the lines.
     *
     * @throws InterruptedException when this thread was interrupted; the work goes on until {@link #end}
     */
    void await() throws IOException, InterruptedException {
        if (work.isEmpty()) {
            return;
        }
        try {
            work.get().task().get();
        } catch (ExecutionException e) {
            throw FailedTask.failure(e);
        } finally {
            lines.release();
        }
    }

    /**
     * Ends the work, and waits until its changes are undone, also where the thread of the caller is interrupted: the
     * operations have their own time limits.
     *
     * @return what is left of changes that were not done, a sentence each
     */
    List<String> end() throws StageFailedException, IOException {
        if (work.isEmpty()) {
            return List.of();
        }
        work.get().thread().interrupt();
        join();
        return Uninterruptibles.finish(() -> {
            List<String> left = new ArrayList<>();
            for (EnvironmentDeployment lane : work.get().lanes()) {
                left.addAll(lane.undoUnfinished());
            }
            lines.release();
            return left;
        });
    }

    /** Waits for the end of the work, which it does not hasten: a run that is resumed needs the result. */
    @Override
    public void close() {
        if (work.isPresent()) {
            join();
            work.get().reporting().close();
            lines.release();
        }
    }

    private void join() {
        boolean interrupted = Thread.interrupted();
        while (work.get().thread().isAlive()) {
            try {
                work.get().thread().join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
