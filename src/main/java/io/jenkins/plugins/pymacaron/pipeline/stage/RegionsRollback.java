package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rolls back all regions of a slot that a run has changed, together and to the end. */
public final class RegionsRollback {
    private final PreparedRun prepared;
    private final List<EnvironmentDeployment> lanes;
    /** The environments that other runs have taken over, a sentence each. */
    private final List<String> superseded = new ArrayList<>();
    /** The environments that this rollback has changed. */
    private final List<EnvironmentDeployment> returned = Collections.synchronizedList(new ArrayList<>());

    public RegionsRollback(PreparedRun prepared, List<EnvironmentDeployment> lanes) {
        this.prepared = prepared;
        this.lanes = List.copyOf(lanes);
    }

    /** Rolls back what this run promoted, to the end. @return the version that serves now */
    String back() throws StageFailedException, IOException, InterruptedException {
        boolean changed = false;
        for (EnvironmentDeployment lane : lanes) {
            changed |= lane.changed();
        }
        if (!changed) {
            return "live was not changed by this run, so there is nothing to roll back";
        }
        return rolledBack();
    }

    /** Rolls back. @return the version that serves now */
    String rolledBack() throws StageFailedException, IOException, InterruptedException {
        List<String> left = rollBack();
        if (!left.isEmpty()) {
            throw new StageFailedException(RunOutcome.ROLLBACK_FAILED, String.join("; ", left));
        }
        if (!superseded.isEmpty()) {
            throw new StageFailedException(RunOutcome.SUPERSEDED, String.join("; ", superseded));
        }
        return restored();
    }

    /** Returns the versions that serve again. */
    String restored() throws StageFailedException, IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        for (EnvironmentDeployment lane : lanes) {
            notes.add(lane.before()
                    .map(good -> good.version() + " serves again at " + good.url())
                    .orElse("nothing serves at " + lane.environment()));
        }
        return notes.stream().distinct().collect(Collectors.joining("; "));
    }

    /** Rolls back after a failure. @throws StageFailedException when something is left, instead of {@code why} */
    void after(Exception why) throws StageFailedException {
        if (why instanceof StageFailedException failure && failure.isLost()) {
            return;
        }
        List<String> left = rollBack();
        if (!left.isEmpty()) {
            throw new StageFailedException(
                    RunOutcome.ROLLBACK_FAILED, IoMessages.ofAny(why) + "; and " + String.join("; ", left), why);
        }
    }

    /**
     * Rolls back every region that this run changed, all at once, even after one of them failed.
     *
     * @return what could not be rolled back, a sentence each
     */
    public List<String> rollBack() {
        superseded.clear();
        List<String> left = new ArrayList<>();
        rollBackAll().forEach((lane, failure) -> {
            if (failure instanceof StageFailedException f && f.outcome() == RunOutcome.SUPERSEDED) {
                superseded.add(failure.getMessage());
                lane.progress().say(failure.getMessage());
            } else {
                left.add(lane.environment() + " was not rolled back: " + IoMessages.ofAny(failure));
            }
        });
        return left;
    }

    private Map<EnvironmentDeployment, Exception> rollBackAll() {
        try {
            return Uninterruptibles.finish(() -> ParallelRegions.attempt(
                    lanes,
                    lane -> Uninterruptibles.finish(() -> {
                        rollBack(lane);
                        return null;
                    })));
        } catch (StageFailedException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void rollBack(EnvironmentDeployment lane) throws StageFailedException, IOException, InterruptedException {
        if (lane.changed()) {
            lane.rollBack(prepared.timeout(Stage.ROLLBACK), prepared.keepFailed());
            returned.add(lane);
        }
        if (!prepared.keepFailed() || !lane.accepted().equals(Optional.of(false))) {
            lane.withdrawPrepared(prepared.timeout(Stage.ROLLBACK), prepared.keepFailed());
        }
        if (!prepared.keepFailed()) {
            lane.withdrawStaged(prepared.timeout(Stage.ROLLBACK));
        }
    }

    /** Returns the environments in which the version from before the run serves again, or nothing does. */
    public List<EnvironmentDeployment> returned() {
        return List.copyOf(returned);
    }

    /** Returns what serves although it was not promoted, and must not be kept, a sentence each. */
    public List<String> early() throws StageFailedException, IOException, InterruptedException {
        List<String> early = new ArrayList<>();
        for (EnvironmentDeployment lane : prepared.keepFailed() ? List.<EnvironmentDeployment>of() : lanes) {
            lane.early()
                    .ifPresent(d -> early.add(
                            d.version() + " serves as " + lane.environment() + ", though it was not promoted"));
        }
        return early;
    }

    /** Ends what {@link #early} returns. */
    public void withdrawEarly() throws StageFailedException, IOException {
        for (EnvironmentDeployment lane : prepared.keepFailed() ? List.<EnvironmentDeployment>of() : lanes) {
            Uninterruptibles.finish(() -> {
                lane.withdrawStaged(prepared.timeout(Stage.ROLLBACK));
                return null;
            });
        }
    }
}
