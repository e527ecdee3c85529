package io.jenkins.plugins.pymacaron.pipeline.stage;

import io.jenkins.plugins.pymacaron.config.PymEnv;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.NewerCommitCheck;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.change.OutcomeVerifier;
import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest.Tests;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.IoMessages;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.progress.StageBody;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.report.Deployment;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs stages 1 to 8 of one run. It stops at the first one that fails; a failed acceptance of live rolls live back. */
public final class DeployRun {
    private static final String EXISTING = "an existing image is deployed";

    private final PreparedRun prepared;
    private final StageSequence stages;
    private final RunRecorder recorder;
    private final RunState state;
    private final ImageStages images;
    private final Optional<EnvironmentDeployment> staging;
    private final Promotion promotion;
    private final AcceptanceStages acceptance;
    private final OutcomeVerifier aftermath;
    private final NewerCommitCheck newer;
    private final RepeatedAcceptance repeated;
    private final PreparationAhead ahead;

    public DeployRun(
            PreparedRun prepared, RunRecorder recorder, RunState state, PymDirectory pym, OperationRunner operations) {
        this.prepared = prepared;
        this.recorder = recorder;
        this.state = state;
        images = new ImageStages(prepared, recorder, state, pym);
        stages = new StageSequence(recorder, state);
        staging = prepared.staging().map(place -> new EnvironmentDeployment(place, operations, state));
        List<EnvironmentDeployment> live = prepared.live().stream()
                .map(place -> new EnvironmentDeployment(place, operations, state))
                .toList();
        promotion = new Promotion(prepared, live, state);
        repeated = new RepeatedAcceptance(prepared, recorder, state, pym, promotion);
        acceptance = new AcceptanceStages(prepared, recorder);
        aftermath = new OutcomeVerifier(recorder.progress());
        newer = new NewerCommitCheck(prepared, recorder.progress());
        ahead = new PreparationAhead(prepared, operations, state, recorder.progress());
    }

    /** A part of the run after whose failure the versions serve that served before. */
    private interface Part {
        void run() throws StageFailedException, IOException, InterruptedException;
    }

    private void checked(List<EnvironmentDeployment> lanes, Part part)
            throws StageFailedException, IOException, InterruptedException {
        try {
            part.run();
        } catch (StageFailedException e) {
            throw aftermath.of(e, lanes);
        } catch (InterruptedException e) {
            aftermath.after(e, lanes);
            throw e;
        }
    }

    public RunOutcome run() throws StageFailedException, IOException, InterruptedException {
        RunRequest request = prepared.request();
        images.showAgain();
        if (request.deploy()) {
            notOlder();
        }
        repeated.begin();
        if (request.version().isEmpty()) {
            makeImage(request);
        } else {
            stages.skip(Stage.UNIT, EXISTING);
            stages.run(Stage.BUILD, images::existing);
            stages.skip(Stage.CONTAINER, EXISTING);
            stages.skip(Stage.PUSH, EXISTING);
        }
        if (!request.deploy()) {
            for (Stage stage :
                    List.of(Stage.STAGING, Stage.ACCEPT_STAGING, Stage.PRE_PROMOTE, Stage.PROMOTE, Stage.ACCEPT_LIVE)) {
                stages.skip(stage, "--no-deploy");
            }
        } else {
            try {
                stage(request);
                promote(request);
            } finally {
                ahead.close();
            }
        }
        images.prune();
        repeated.succeeded();
        return RunOutcome.SUCCEEDED;
    }

    private void makeImage(RunRequest request) throws StageFailedException, IOException, InterruptedException {
        if (request.tests() == Tests.ALL) {
            stages.run(Stage.UNIT, acceptance::unit);
        } else {
            stages.skip(Stage.UNIT, request.tests() == Tests.NONE ? "--no-test" : "--no-unittest");
        }
        stages.run(Stage.BUILD, images::build);
        if (request.tests() == Tests.NONE) {
            stages.skip(Stage.CONTAINER, "--no-test");
            push();
        } else {
            BuiltImage image = images.image();
            acceptAndPush(repeated.image(image, images::candidate, () -> acceptance.container(images.inEngine())));
        }
    }

    private void acceptAndPush(RepeatedAcceptance.Acceptance accepting)
            throws StageFailedException, IOException, InterruptedException {
        if (accepting.earlier().isPresent()) {
            stages.skip(Stage.CONTAINER, accepting.earlier().get());
            push();
        } else if (prepared.pushes()
                && prepared.base().overlap()
                && !prepared.base().buildsLayers()) {
            acceptWhilePushing(accepting.body());
        } else {
            stages.run(Stage.CONTAINER, accepting.body());
            push();
        }
    }

    private void acceptWhilePushing(StageBody accepting)
            throws StageFailedException, IOException, InterruptedException {
        try {
            stages.beside(Stage.CONTAINER, accepting, Stage.PUSH, images.pushing(), images::pushed);
        } finally {
            StageState accepted = recorder.state(Stage.CONTAINER);
            if (accepted == StageState.FAILED || accepted == StageState.INTERRUPTED) {
                images.warnOfPush();
            }
        }
    }

    private void push() throws StageFailedException, IOException, InterruptedException {
        Optional<String> kept = prepared.keepsImage();
        if (kept.isEmpty()) {
            stages.run(Stage.PUSH, images::push);
        } else {
            stages.skip(Stage.PUSH, kept.get());
        }
    }

    private void stage(RunRequest request) throws StageFailedException, IOException, InterruptedException {
        deployStaging();
        if (request.tests() == Tests.NONE) {
            stages.skip(Stage.ACCEPT_STAGING, "--no-test");
        } else {
            EnvironmentDeployment lane = staging.orElseThrow();
            RepeatedAcceptance.Acceptance accepting =
                    repeated.staging(lane, images.image(), images::candidate, stagingAcceptance());
            if (accepting.earlier().isPresent()) {
                stages.skip(Stage.ACCEPT_STAGING, accepting.earlier().get());
            } else {
                acceptStagingWhilePreparing(accepting.body());
            }
        }
    }

    /** Accepts staging. The candidates for live are prepared meanwhile, where this is possible. */
    private void acceptStagingWhilePreparing(StageBody accepting)
            throws StageFailedException, IOException, InterruptedException {
        withdrawingOnFailure(() -> acceptStaging(() -> {
            ahead.begin(promotion.lanes(), images::candidate);
            return accepting.run();
        }));
    }

    /**
     * Runs a part before the promotion. After its failure, no candidate for live that was prepared ahead may stay, unless
     * the run is to be resumed.
     */
    private void withdrawingOnFailure(Part part) throws StageFailedException, IOException, InterruptedException {
        try {
            part.run();
        } catch (StageFailedException | InterruptedException e) {
            boolean suspended = e instanceof StageFailedException failure && failure.isSuspended();
            if (ahead.hasBegun() && !suspended) {
                checked(promotion.lanes(), () -> withdrawAhead(e));
            }
            throw e;
        }
    }

    private void withdrawAhead(Exception why) throws StageFailedException, IOException {
        List<String> left = ahead.end();
        promotion.rollback().after(why);
        if (!left.isEmpty()) {
            throw new StageFailedException(
                    RunOutcome.ROLLBACK_FAILED, IoMessages.ofAny(why) + "; and " + String.join("; ", left), why);
        }
    }

    private StageBody stagingAcceptance() {
        EnvironmentDeployment lane = staging.orElseThrow();
        return () -> acceptance.deployed(Stage.ACCEPT_STAGING, lane, made(lane));
    }

    private void deployStaging() throws StageFailedException, IOException, InterruptedException {
        EnvironmentDeployment lane = staging.orElseThrow();
        for (EnvironmentDeployment live : promotion.lanes()) {
            // A first candidate may take the name of live from its beginning, so the state before it is read now.
            live.standing();
        }
        checked(
                List.of(lane),
                () -> stages.run(Stage.STAGING, () -> {
                    notOlder();
                    Deployed deployed = staged(lane);
                    handOn(List.of(lane));
                    return deployed.version() + " at " + deployed.url();
                }));
        record(Stage.STAGING, lane);
    }

    private Deployed staged(EnvironmentDeployment lane) throws StageFailedException, IOException, InterruptedException {
        try {
            return lane.prepare(images.candidate(lane), prepared.timeout(Stage.STAGING));
        } catch (StageFailedException e) {
            throw new FailedDeployment(recorder).told(Stage.STAGING, List.of(lane), e);
        }
    }

    private String promoted(Optional<AcceptanceStages> apart)
            throws StageFailedException, IOException, InterruptedException {
        try {
            return promotion.promote(images::candidate, apart, recorder);
        } catch (StageFailedException e) {
            throw new FailedDeployment(recorder).told(Stage.PROMOTE, promotion.lanes(), e);
        }
    }

    private void notOlder() throws StageFailedException, IOException, InterruptedException {
        newer.check(promotion.lanes(), state.run().isPresent() ? NextStepAdvice.PIPELINE : NextStepAdvice.SHELL);
    }

    /** Hands the results on. A stage in a process of its own is done once the next stage can know its results. */
    private void handOn(List<EnvironmentDeployment> lanes) throws StageFailedException {
        if (state.run().isEmpty()) {
            return;
        }
        try {
            for (EnvironmentDeployment lane : lanes) {
                lane.handOn();
            }
        } catch (IOException e) {
            throw StageFailedException.suspended("what was made cannot be written down: " + IoMessages.of(e));
        }
    }

    private void acceptStaging(StageBody accepting) throws StageFailedException, IOException, InterruptedException {
        EnvironmentDeployment lane = staging.orElseThrow();
        checked(prepared.keepFailed() ? List.of() : List.of(lane), () -> acceptStaging(lane, accepting));
    }

    private void acceptStaging(EnvironmentDeployment lane, StageBody accepting)
            throws StageFailedException, IOException, InterruptedException {
        try {
            stages.run(Stage.ACCEPT_STAGING, accepting);
        } catch (StageFailedException | InterruptedException e) {
            try {
                rollBackStaging(lane);
            } catch (StageFailedException | IOException left) {
                if (left instanceof StageFailedException f && f.outcome() == RunOutcome.SUPERSEDED) {
                    throw new StageFailedException(
                            RunOutcome.SUPERSEDED, e.getMessage() + "; " + left.getMessage(), left);
                }
                throw new StageFailedException(
                        RunOutcome.ROLLBACK_FAILED,
                        e.getMessage() + "; and staging was not rolled back: " + left.getMessage(),
                        left);
            }
            throw e;
        }
    }

    /** Makes staging serve again what it served before, unless the user wants to inspect the failed candidate. */
    private void rollBackStaging(EnvironmentDeployment lane) throws StageFailedException, IOException {
        boolean taken = Uninterruptibles.finish(() -> {
            boolean changed = !prepared.keepFailed() && lane.changed();
            if (changed) {
                state.beginRollback(Slot.STAGING);
                lane.rollBack(prepared.timeout(Stage.STAGING), false);
                state.endRollback();
            }
            return changed;
        });
        if (taken) {
            lane.forget();
            recorder.rolledBack(Stage.STAGING, "rolled back: it failed its acceptance");
        }
    }

    private void promote(RunRequest request) throws StageFailedException, IOException, InterruptedException {
        beforePromotion();
        promoteLive(request.tests() != Tests.NONE);
        if (request.tests() == Tests.NONE) {
            stages.skip(Stage.ACCEPT_LIVE, "--no-test");
        } else {
            checked(promotion.lanes(), () -> promotion.acceptOrRollBack(stages, acceptance, recorder));
        }
        retire();
    }

    private void beforePromotion() throws StageFailedException, IOException, InterruptedException {
        List<String> before = prepared.live().get(0).environment().config().prePromote();
        if (before.isEmpty()) {
            stages.skip(Stage.PRE_PROMOTE, "no pre_promote");
            return;
        }
        if (!promotion.changes(images::candidate)) {
            stages.skip(Stage.PRE_PROMOTE, "live serves this version already");
            return;
        }
        try {
            stages.run(Stage.PRE_PROMOTE, () -> prePromote(before));
        } catch (StageFailedException | InterruptedException e) {
            // A first candidate may have the name of live already.
            promotion.rollback().after(e);
            throw e;
        }
    }

    private void promoteLive(boolean accepting) throws StageFailedException, IOException, InterruptedException {
        Optional<AcceptanceStages> apart = accepting ? Optional.of(acceptance) : Optional.empty();
        checked(
                promotion.lanes(),
                () -> stages.run(Stage.PROMOTE, () -> {
                    withdrawingOnFailure(() -> {
                        ahead.await();
                        notOlder();
                    });
                    String note = promoted(apart);
                    handOn(promotion.lanes());
                    return ahead.hasBegun() ? note + "; prepared while staging was accepted" : note;
                }));
        for (EnvironmentDeployment lane : promotion.lanes()) {
            record(Stage.PROMOTE, lane);
        }
    }

    /**
     * Retires old deployments. The next deployment removes those that cannot be removed now; this is no failure of this
     * deployment, whose live is good.
     */
    private void retire() throws StageFailedException, IOException, InterruptedException {
        try {
            promotion.retire();
            Optional<Deployed> staged = staging.orElseThrow().active();
            if (staged.isPresent()) {
                staging.get().retire(staged.get(), 0, prepared.timeout(Stage.STAGING));
            }
        } catch (StageFailedException e) {
            if (e.isSuspended()) {
                throw e;
            }
            recorder.progress()
                    .warning("not everything could be removed that is no longer needed: " + e.getMessage()
                            + ". The next deployment tries again");
        }
    }

    /** Runs a stage that changes no environment; {@link #change} runs the others. */
    public void single(Stage stage) throws StageFailedException, IOException, InterruptedException {
        switch (stage) {
            case UNIT -> stages.run(stage, acceptance::unit);
            case BUILD -> stages.run(stage, prepared.request().version().isEmpty() ? images::build : images::existing);
            case CONTAINER -> stages.run(stage, () -> acceptance.container(images.inEngine()));
            case PUSH -> push();
            case ACCEPT_STAGING -> acceptStaging(stagingAcceptance());
            case PRE_PROMOTE -> beforePromotion();
            case ACCEPT_LIVE -> promotion.accept(stages, acceptance);
            default -> throw new IllegalArgumentException(stage.key());
        }
    }

    /** Deploys the image to staging or live. @param accepting whether live is accepted */
    public void change(Stage stage, boolean accepting) throws StageFailedException, IOException, InterruptedException {
        for (EnvironmentDeployment lane : lanes(stage)) {
            lane.beginAnew();
        }
        if (stage == Stage.STAGING) {
            deployStaging();
        } else {
            promoteLive(accepting);
        }
    }

    /** Rolls live back to the version that served before this run, or reports that there is nothing to roll back. */
    public void back() throws StageFailedException, IOException, InterruptedException {
        state.beginRollback(Slot.LIVE);
        checked(promotion.lanes(), () -> stages.run(Stage.ROLLBACK, promotion.rollback()::back));
        state.endRollback();
    }

    /** Returns what must not stay if no stage follows, a sentence each. */
    public List<String> early() throws StageFailedException, IOException, InterruptedException {
        return promotion.rollback().early();
    }

    /** Rolls back a run that has promoted nothing. */
    public String rollBackUnpromoted() throws StageFailedException, IOException, InterruptedException {
        List<String> early = promotion.rollback().early();
        promotion.rollback().withdrawEarly();
        return early.isEmpty()
                ? "this build has promoted nothing, so there is nothing to roll back"
                : "undone: " + String.join("; ", early);
    }

    /** Ends the deployment, with the removals that belong to its end. */
    public void end() throws StageFailedException, IOException, InterruptedException {
        retire();
        images.prune();
    }

    /** Returns the environments of a stage, none if it has none. */
    public List<EnvironmentDeployment> lanes(Stage stage) {
        return switch (stage) {
            case STAGING, ACCEPT_STAGING -> staging.stream().toList();
            case PROMOTE, ACCEPT_LIVE, ROLLBACK -> promotion.lanes();
            default -> List.of();
        };
    }

    private static Deployed made(EnvironmentDeployment lane) throws StageFailedException, IOException {
        return lane.active()
                .orElseThrow(() -> new StageFailedException(
                        RunOutcome.CONFIG_INVALID,
                        "nothing was deployed to " + lane.environment() + " yet that could be accepted"));
    }

    private void record(Stage stage, EnvironmentDeployment lane) throws IOException {
        Deployed deployed = lane.active().orElseThrow();
        String slot = lane.place().environment().name().replaceFirst(".*/", "");
        recorder.deployed(new Deployment(
                slot, lane.place().environment().config().target().id(), deployed.deploymentId(), deployed.url()));
        recorder.url(stage, slot, deployed.url());
    }

    private String prePromote(List<String> argv) throws StageFailedException, IOException, InterruptedException {
        Map<String, String> variables =
                new LinkedHashMap<>(prepared.live().get(0).environment().variables());
        variables.put(
                "PYM_ENV",
                PymEnv.of(Slot.LIVE, prepared.live().get(0).environment().config()));
        variables.put("PYM_VERSION", images.image().version());
        prepared.forRepositoryCode()
                .run(Command.of(argv)
                        .in(prepared.source().directory())
                        .with(variables)
                        .within(prepared.timeout(Stage.PRE_PROMOTE)))
                .orThrow("pre_promote");
        return String.join(" ", argv);
    }
}
