package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.LiveRollback;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Runs the stages of one deployment, in their order. It stops at the first that fails, and rolls back a failed live.
 */
final class Deployment {
    private final PymacaronBuilder form;
    private final Run<?, ?> run;
    private final StageRunner runner;
    private StageOrder order;
    private final BuildOrigin origin;

    /** Makes the deployment. @throws AbortException with one line, when the form asks for an impossible combination */
    Deployment(
            @NonNull PymacaronBuilder form,
            @NonNull Run<?, ?> run,
            @NonNull BuildOrigin origin,
            @NonNull StageRunner runner)
            throws AbortException {
        this.form = form;
        this.run = run;
        this.runner = runner;
        this.origin = origin;
        order = form.order().withoutSecrets(!origin.isTrusted());
    }

    void run() throws IOException, InterruptedException {
        Optional<RollbackRequest> back = RollbackRequest.of(run);
        if (back.isPresent() && !back.get().getDirectory().equals(order.getDirectory())) {
            runner.say(Messages.Deployment_otherService(
                    order.getDirectory(), back.get().getDirectory()));
            return;
        }
        try {
            runner.run(order);
            if (back.isPresent()) {
                rollBack(back.get());
            } else if (LastStage.of(form.getUntil()) == LastStage.PLAN) {
                plan();
            } else {
                deploy();
            }
        } finally {
            runner.release();
        }
    }

    private void rollBack(RollbackRequest asked) throws IOException, InterruptedException {
        if (isChangeRequest()) {
            throw new AbortException(Messages.Deployment_changeRequestRollsBack());
        }
        List<String> live = runner.service(order).getLiveEnvironments();
        String environment = EnvironmentNames.shown(asked.getEnvironment());
        if (live.stream().noneMatch(id -> EnvironmentNames.isSame(id, asked.getEnvironment()))) {
            runner.say(Messages.Deployment_otherEnvironment(
                    live.stream().map(EnvironmentNames::shown).toList(), environment));
            return;
        }
        if (asked.isAgain()) {
            runner.say(Messages.Deployment_again(asked.getUser(), asked.getVersion(), environment));
            deployAgain(asked.getVersion());
            return;
        }
        runner.say(
                asked.getVersion().isEmpty()
                        ? Messages.Deployment_rollBack(asked.getUser(), environment)
                        : Messages.Deployment_rollBackTo(asked.getUser(), environment, asked.getVersion()));
        runner.run(order.forStage("rollback")
                .with(Parameter.VERSION, asked.getVersion())
                .earlier(asked.getVersion().isEmpty())
                .because(asked.getReason()));
    }

    /** Deploys an existing image: it runs all stages but those that make an image. */
    private void deployAgain(String version) throws IOException, InterruptedException {
        if (!origin.mayGoLive(List.of())) {
            throw new AbortException(Messages.Deployment_otherBranch());
        }
        order = order.with(Parameter.ALLOW_OLDER, true);
        for (Stage stage : FormStages.ofExisting(form)) {
            if (stage == Stage.BUILD || stage == Stage.STAGING) {
                runner.run(order.forStage(stage.key()).with(Parameter.VERSION, version));
            } else {
                run(stage);
            }
        }
    }

    private void plan() throws IOException, InterruptedException {
        runner.say(Messages.Deployment_plan());
        runner.run(order.forStage("plan"));
    }

    private void deploy() throws IOException, InterruptedException {
        List<String> skipped = FormStages.leftOut(form).stream()
                .map(stage -> order.forStage(stage.key()).getTitle())
                .toList();
        if (!skipped.isEmpty()) {
            runner.say(Messages.Deployment_skipped(String.join(", ", skipped)));
        }
        List<Stage> stages = FormStages.of(form, origin);
        for (Stage stage : stages) {
            run(stage);
            if (stage == Stage.PREFLIGHT) {
                runner.refuseIfPaused(changing(stages));
            }
        }
        if (isChangeRequest()) {
            runner.say(Messages.Deployment_changeRequest());
        } else if (LastStage.of(form.getUntil()) == LastStage.LIVE && !origin.mayGoLive(List.of())) {
            runner.say(Messages.Deployment_otherBranch());
        }
    }

    private void run(Stage stage) throws IOException, InterruptedException {
        switch (stage) {
            case PROMOTE -> runner.run(order.forStage(stage.key()).last(form.isSkipLive()));
            case ACCEPT_LIVE -> acceptLive();
            default -> runner.run(order.forStage(stage.key()));
        }
    }

    /** Returns those of the stages that change what serves. */
    private List<StageOrder> changing(List<Stage> stages) {
        return stages.stream()
                .filter(stage -> stage == Stage.STAGING || stage == Stage.PROMOTE)
                .map(stage -> order.forStage(stage.key()))
                .toList();
    }

    private void acceptLive() throws IOException, InterruptedException {
        try {
            runner.run(order.forStage("live").last(true));
        } catch (AbortException e) {
            throw new AbortException(rollBackLive(e.getMessage(), true));
        } catch (InterruptedException e) {
            // A user who aborts wants nothing half-made, and a live without acceptance is half-made.
            runner.say(rollBackLive(Messages.Deployment_aborted(), false));
            throw e;
        }
    }

    /** Rolls back. Returns the reason, and the result. @param refused whether live failed its acceptance */
    private String rollBackLive(String why, boolean refused) throws IOException, InterruptedException {
        Object version;
        try {
            version = runner.run(order.forStage("rollback").because(why)).get("version");
        } catch (AbortException e) {
            return refused
                    ? LiveRollback.failed(why, e.getMessage())
                    : Messages.Deployment_notRolledBack(why, e.getMessage());
        }
        if (version == null) {
            return Messages.Deployment_unchanged(why);
        }
        if (refused) {
            return LiveRollback.done(why, version.toString());
        }
        return version.toString().isEmpty()
                ? Messages.Deployment_withdrawn(why)
                : Messages.Deployment_rolledBack(why, version);
    }

    /** Returns whether it is a change request, which is tested, and goes no further. */
    private boolean isChangeRequest() {
        return !origin.mayShip();
    }
}
