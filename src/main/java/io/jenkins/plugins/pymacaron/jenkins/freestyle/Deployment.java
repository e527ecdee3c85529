package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.config.KeyValueLines;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.util.ArrayList;
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
        order = order(form).withoutSecrets(!origin.isTrusted());
    }

    private static StageOrder order(PymacaronBuilder form) throws AbortException {
        try {
            return StageOrder.of("config")
                    .in(form.getDir())
                    .environment(form.getEnv())
                    .target(form.getTarget())
                    .python(form.getPython())
                    .canary(form.getCanary())
                    .forceBuild(form.isForceBuild())
                    .push(!form.isKeepImageLocal())
                    .keepFailed(form.isKeepFailed())
                    .allowOlder(form.isAllowOlder())
                    .credentials(form.getCredentials())
                    .secrets(SecretBinding.toMap(form.getSecrets()))
                    .timeouts(KeyValueLines.parse(form.getTimeouts()));
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
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
                .version(asked.getVersion())
                .earlier(asked.getVersion().isEmpty())
                .because(asked.getReason()));
    }

    /** Deploys an existing image: it runs all stages but those that make an image. */
    private void deployAgain(String version) throws IOException, InterruptedException {
        if (!origin.mayGoLive(List.of())) {
            throw new AbortException(Messages.Deployment_otherBranch());
        }
        order = order.allowOlder(true);
        runner.run(order.forStage("build").version(version));
        runner.run(order.forStage("staging").version(version));
        if (!form.isSkipStaging()) {
            runner.run(order.forStage("accept-staging"));
        }
        promote();
    }

    private void plan() throws IOException, InterruptedException {
        runner.say(Messages.Deployment_plan());
        runner.run(order.forStage("plan"));
    }

    private void deploy() throws IOException, InterruptedException {
        LastStage until = LastStage.of(form.getUntil());
        List<String> skipped = skipped();
        if (!skipped.isEmpty()) {
            runner.say(Messages.Deployment_skipped(String.join(", ", skipped)));
        }
        if (!isChangeRequest()) {
            runner.run(order.forStage("preflight"));
            runner.refuseIfPaused(changing(until));
        }
        if (!form.isSkipUnit()) {
            runner.run(order.forStage("unit"));
        }
        runner.run(order.forStage("build"));
        if (!form.isSkipContainer()) {
            runner.run(order.forStage("container"));
        }
        if (isChangeRequest()) {
            runner.say(Messages.Deployment_changeRequest());
            return;
        }
        if (!form.isKeepImageLocal()) {
            runner.run(order.forStage("push"));
        }
        if (until == LastStage.PUSH) {
            return;
        }
        runner.run(order.forStage("staging"));
        if (!form.isSkipStaging()) {
            runner.run(order.forStage("accept-staging"));
        }
        if (until == LastStage.LIVE && !origin.mayGoLive(List.of())) {
            runner.say(Messages.Deployment_otherBranch());
        } else if (until == LastStage.LIVE) {
            promote();
        }
    }

    /** Returns the stages that the form leaves out. */
    private List<String> skipped() {
        List<String> skipped = new ArrayList<>();
        add(skipped, "unit", form.isSkipUnit());
        add(skipped, "container", form.isSkipContainer());
        add(skipped, "push", form.isKeepImageLocal());
        add(skipped, "accept-staging", form.isSkipStaging());
        add(skipped, "live", form.isSkipLive());
        return skipped;
    }

    private void add(List<String> skipped, String stage, boolean wanted) {
        if (wanted) {
            skipped.add(order.forStage(stage).getTitle());
        }
    }

    private void promote() throws IOException, InterruptedException {
        runner.run(order.forStage("pre-promote"));
        runner.run(order.forStage("promote").last(form.isSkipLive()));
        if (!form.isSkipLive()) {
            acceptLive();
        }
    }

    /** Returns the stages that change what serves. */
    private List<StageOrder> changing(LastStage until) {
        if (until == LastStage.PUSH) {
            return List.of();
        }
        StageOrder staging = order.forStage("staging");
        return until == LastStage.LIVE && origin.mayGoLive(List.of())
                ? List.of(staging, order.forStage("promote"))
                : List.of(staging);
    }

    private void acceptLive() throws IOException, InterruptedException {
        try {
            runner.run(order.forStage("live").last(true));
        } catch (AbortException e) {
            throw new AbortException(takenBack(e.getMessage()));
        } catch (InterruptedException e) {
            // A user who aborts wants nothing half-made, and a live without acceptance is half-made.
            runner.say(takenBack(Messages.Deployment_aborted()));
            throw e;
        }
    }

    /** Rolls back. Returns the reason, and the result. */
    private String takenBack(String why) throws IOException, InterruptedException {
        Object version;
        try {
            version = runner.run(order.forStage("rollback").because(why)).get("version");
        } catch (AbortException e) {
            return Messages.Deployment_notTakenBack(why, e.getMessage());
        }
        if (version == null) {
            return Messages.Deployment_unchanged(why);
        }
        return version.toString().isEmpty()
                ? Messages.Deployment_withdrawn(why)
                : Messages.Deployment_takenBack(why, version);
    }

    /** Returns whether it is a change request, which is tested, and goes no further. */
    private boolean isChangeRequest() {
        return !origin.mayShip();
    }
}
