package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One environment in one run: the deployment that served there before, the one that was prepared and the one that
 * serves there now. Each is kept in the run's state, so that a resumed or a cleaning run knows them too.
 */
public final class EnvironmentDeployment implements ChangedEnvironment {
    private static final String MADE = "made-";
    private static final List<String> CHANGES = List.of("-prepare", "-activate");
    /** The prefix of the parameters with the deployment that an operation makes serve; all operations use it. */
    private static final String DEPLOYED = "deployed.";

    private static final int LOG_LINES = 500;
    private static final String NOTHING = "nothing";
    private static final String SERVED = "served";
    private static final String ACCEPTED = "-accepted";
    private static final String REVISION = "revision";
    private static final String PASSED = "passed";

    private final Place place;
    private final OperationRunner operations;
    private final RunState state;
    private final String id;

    public EnvironmentDeployment(Place place, OperationRunner operations, RunState state) {
        this.place = place;
        this.operations = operations;
        this.state = state;
        id = place.environment().slot().id()
                + (place.environment().index() == 0
                        ? ""
                        : "-" + place.environment().index());
    }

    public RunProgress progress() {
        return operations.progress();
    }

    @Override
    public Place place() {
        return place;
    }

    /** Returns the state of the environment when this run first looked. */
    @Override
    public ServingState standing() throws StageFailedException, IOException, InterruptedException {
        Map<String, String> known = state.get(id + "-before");
        if (known.isEmpty()) {
            ServingState standing = look();
            known = new HashMap<>(standing.good().map(Deployed::toMap).orElse(Map.of(NOTHING, NOTHING)));
            known.put(SERVED, Boolean.toString(standing.serves()));
            state.put(id + "-before", known);
        }
        return new ServingState(Deployed.fromMap(known), !"false".equals(known.get(SERVED)));
    }

    /** Returns the deployment that this run can return to. */
    public Optional<Deployed> before() throws StageFailedException, IOException, InterruptedException {
        return standing().good();
    }

    /**
     * Returns the deployment that this run has prepared here. Only the journal tells it: a note that is written after
     * the journal's end would be lost in a crash between the two.
     */
    public Optional<Deployed> prepared() throws IOException {
        return Deployed.fromMap(operations.result(id + "-prepare"));
    }

    /**
     * Returns the deployment that this run has made serve; empty until then. In staging, the prepared deployment serves
     * at once.
     */
    public Optional<Deployed> active() throws IOException {
        return place.environment().slot() == Slot.STAGING
                ? prepared()
                : Deployed.fromMap(operations.result(id + "-activate"));
    }

    /** Returns whether this run has begun to change the version that serves here, perhaps in an earlier process. */
    @Override
    public boolean touched() throws IOException {
        return operations.hasBegun(id + change()) || active().isPresent();
    }

    /** Returns the name of the change that makes a deployment serve here. */
    private String change() {
        return place.environment().slot() == Slot.STAGING ? "-prepare" : "-activate";
    }

    /** Returns whether this run has made it, or was about to. */
    @Override
    public boolean isOurs(Deployed deployed) throws IOException {
        if (prepared().map(Deployed::deploymentId).equals(Optional.of(deployed.deploymentId()))
                || active().map(Deployed::deploymentId).equals(Optional.of(deployed.deploymentId()))) {
            return true;
        }
        Collection<String> named = operations.params(id + change()).values();
        return named.contains(deployed.deploymentId()) || named.contains(deployed.revision());
    }

    /** Returns whether another deployment's version serves here, neither this run's nor the one before it. */
    public boolean isOthers() throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> now = look().serving();
        return now.isPresent()
                && !isOurs(now.get())
                && !before().map(Deployed::revision).equals(now.map(Deployed::revision));
    }

    /**
     * Makes the deployment serve again that served before this run began to change it, where nothing serves any more.
     */
    public void bringBack(Duration within) throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> good = standing().serving();
        if (touched() && good.isPresent() && look().serving().isEmpty()) {
            Deployed bad = active().isPresent() ? active().get() : prepared().orElse(good.get());
            operations.run(id + "-restore", place.target(), within, () -> place.target()
                    .rollBack(bad, good.get()));
        }
    }

    /** Returns whether this run changed the version that serves here. */
    public boolean changed() throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> active = active();
        return active.isPresent() && !before().map(Deployed::deploymentId).equals(active.map(Deployed::deploymentId));
    }

    /** Returns whether it serves here, or served last, so that there is nothing to prepare. */
    public boolean serves(Candidate candidate) throws StageFailedException, IOException, InterruptedException {
        return before().filter(b -> b.deploymentId().equals(candidate.deploymentId()))
                .isPresent();
    }

    /** Prepares the candidate here, beside the version that serves. */
    public Deployed prepare(Candidate candidate, Duration within)
            throws StageFailedException, IOException, InterruptedException {
        before();
        return deployed(operations.run(
                id + "-prepare", place.target(), within, () -> place.target().prepare(candidate)));
    }

    /**
     * Returns the URL at which the prepared candidate can be asked while no user does; empty where there is none, where
     * it serves, or where staging has made and accepted the very same deployment.
     */
    public Optional<URI> apart() throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> prepared = prepared();
        boolean accepted = staged().map(Deployed::revision).equals(prepared.map(Deployed::revision));
        if (prepared.isEmpty() || active().isPresent() || accepted) {
            return Optional.empty();
        }
        try {
            return place.target().apart(prepared.get());
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    /** Returns whether the prepared candidate was accepted, if that is known. */
    public Optional<Boolean> accepted() throws IOException {
        Map<String, String> known = state.get(id + ACCEPTED);
        return prepared()
                .filter(p -> p.revision().equals(known.get(REVISION)))
                .map(p -> Boolean.valueOf(known.get(PASSED)));
    }

    /** Keeps the result of the acceptance, so that a run which goes on later knows whether to repeat it. */
    public void accepted(boolean passed) throws IOException {
        state.put(
                id + ACCEPTED, Map.of(REVISION, prepared().orElseThrow().revision(), PASSED, Boolean.toString(passed)));
    }

    /** Tests the prepared candidate at each step of its canary. */
    public void testedBy(CanaryTestRunner.Tests tests) {
        operations.trials().of(place.target(), tests);
    }

    /** Returns the reason why tests failed during the canary, if they did. */
    public Optional<StageFailedException> failedTests() {
        return operations.trials().failure(place.target());
    }

    /** Makes the prepared candidate serve. */
    public Deployed activate(Candidate candidate, Duration within)
            throws StageFailedException, IOException, InterruptedException {
        ServingState standing = standing();
        Deployed prepared = prepared().or(standing::good).orElseThrow();
        return deployed(operations.run(id + "-activate", place.target(), within, () -> place.target()
                .activate(candidate, prepared, standing.serving())));
    }

    /** Makes the deployment serve again that served before, or none if there was none, and proves it. */
    public void rollBack(Duration within, boolean keepFailed)
            throws StageFailedException, IOException, InterruptedException {
        Deployed bad = active().orElseThrow();
        Optional<Deployed> good = before().filter(b -> !b.revision().equals(bad.revision()));
        if (good.isPresent()) {
            operations.runBack(id + "-rollback", place.target(), within, () -> place.target()
                    .rollBack(undisturbed(bad, good.get()), good.get()));
        }
        if (!keepFailed || good.isEmpty()) {
            operations.runBack(id + "-withdraw", place.target(), within, () -> place.target()
                    .withdraw(bad));
        }
    }

    /** Ends deployments that are no longer needed beside {@code serving}. */
    public void retire(Deployed serving, int keep, Duration within)
            throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> now = glance();
        if (now.isPresent() && !now.get().revision().equals(serving.revision())) {
            // The environment is another run's by now, and that run retires there: between two stages, others are not
            // kept out.
            return;
        }
        operations.run(
                id + "-retire", place.target(), within, () -> place.target().retire(serving, keep));
    }

    /** Ends a candidate that was only prepared for live; in staging, a prepared candidate serves. */
    public void withdrawPrepared(Duration within, boolean keepFailed)
            throws StageFailedException, IOException, InterruptedException {
        // A candidate that itself becomes live is not only prepared.
        Optional<String> active = active().map(Deployed::revision);
        Optional<String> kept = staged().filter(s -> keepFailed).map(Deployed::revision);
        Optional<Deployed> prepared = prepared()
                .filter(p -> !active.equals(Optional.of(p.revision())) && !kept.equals(Optional.of(p.revision())));
        if (prepared.isPresent() && place.environment().slot() == Slot.LIVE) {
            withdrawOwn("-drop", prepared.get(), within);
        }
    }

    /**
     * Ends a candidate that serves here although it was not promoted: where no deployment had the name of live, the
     * candidate of staging may have it from its beginning.
     */
    public void withdrawStaged(Duration within) throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> early = early();
        if (early.isPresent()) {
            withdrawOwn("-early", early.get(), within);
        }
    }

    /** Withdraws the candidate, unless another run has deployed the same and makes it serve by now. */
    private void withdrawOwn(String change, Deployed own, Duration within)
            throws StageFailedException, IOException, InterruptedException {
        try {
            operations.runBack(
                    id + change, place.target(), within, () -> place.target().withdraw(own));
        } catch (StageFailedException e) {
            if (e.outcome() != RunOutcome.SUPERSEDED && !e.isLost()) {
                throw e;
            }
            operations.progress().say(e.getMessage());
        }
    }

    /** Returns the deployment that serves here although it was not promoted, see {@link #withdrawStaged}. */
    public Optional<Deployed> early() throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> staged = staged();
        if (staged.isEmpty() || active().isPresent() || before().isPresent()) {
            return Optional.empty();
        }
        Optional<String> serving = look().serving().map(Deployed::revision);
        return staged.filter(s -> serving.equals(Optional.of(s.revision())));
    }

    /** Returns the log of the candidate that failed here, even if it is gone by now; empty where it is not known. */
    public String failedLog() throws IOException, InterruptedException {
        List<String> kept = place.target().failedLog();
        if (!kept.isEmpty()) {
            return String.join("\n", kept);
        }
        for (String change : CHANGES) {
            Map<String, String> of = new HashMap<>();
            operations.params(id + change).forEach((name, value) -> {
                if (name.startsWith(DEPLOYED)) {
                    of.put(name.substring(DEPLOYED.length()), value);
                }
            });
            Optional<Deployed> candidate = Deployed.fromMap(of);
            if (candidate.isPresent() && operations.result(id + change).isEmpty()) {
                return place.target().log(candidate.get(), LOG_LINES);
            }
        }
        return "";
    }

    private Optional<Deployed> staged() throws IOException {
        return Deployed.fromMap(operations.result(Slot.STAGING.id() + "-prepare"));
    }

    /** Returns the result that another process of the run has recorded for this change, see {@link #handOn}. */
    public static Map<String, String> handedOn(RunState state, String change) {
        return state.get(MADE + change);
    }

    /** Records the results of this process for the next process of this run. */
    public void handOn() throws IOException {
        for (String change : CHANGES) {
            Map<String, String> result = operations.result(id + change);
            if (!result.isEmpty()) {
                state.put(MADE + id + change, result);
            }
        }
    }

    /**
     * Begins anew: forgets what this run had made here before. If that serves, for instance since its result was never
     * reported, then the version before it stays the one for a rollback.
     */
    public void beginAnew() throws StageFailedException, IOException, InterruptedException {
        Optional<Deployed> active = active();
        Optional<String> made = (active.isPresent() ? active : staged()).map(Deployed::revision);
        if (made.isEmpty() || !made.equals(look().serving().map(Deployed::revision))) {
            forget();
        }
    }

    /** Forgets what was rolled back. */
    public void forget() throws IOException {
        state.put(id + "-before", Map.of());
        for (String change : CHANGES) {
            state.put(MADE + id + change, Map.of());
        }
    }

    /**
     * Checks the deployment that serves.
     *
     * @throws StageFailedException when another deployment serves here by now than the one to roll back
     */
    private Deployed undisturbed(Deployed bad, Deployed good)
            throws TargetException, StageFailedException, InterruptedException {
        Optional<Deployed> now = place.target().glance();
        if (now.isPresent()
                && !now.get().revision().equals(bad.revision())
                && !now.get().revision().equals(good.revision())) {
            throw new StageFailedException(
                    RunOutcome.SUPERSEDED,
                    now.get().version() + " serves in " + environment()
                            + " by now, which another deployment made; it stays as it is");
        }
        return bad;
    }

    private ServingState look() throws StageFailedException, InterruptedException {
        try {
            return ServingState.of(place.target());
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    private Optional<Deployed> glance() throws StageFailedException, InterruptedException {
        try {
            return place.target().glance();
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    /**
     * Undoes the interrupted change of a dead run to a new version; an interrupted rollback is finished by
     * {@link #rollBack}.
     *
     * @return what is left, a sentence each
     */
    public List<String> undoUnfinished() throws IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        for (String change : List.of("-activate", "-prepare")) {
            left.addAll(operations.undo(place.target(), id + change, "its run was cut off"));
        }
        return left;
    }

    private static Deployed deployed(Map<String, String> result) {
        return Deployed.fromMap(result).orElseThrow();
    }
}
