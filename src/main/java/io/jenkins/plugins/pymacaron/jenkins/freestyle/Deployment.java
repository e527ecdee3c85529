package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import hudson.AbortException;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.freestyle.PymacaronBuilder.Until;
import java.io.IOException;

/** The stages of one deployment, in their order. Stops at the first that fails; a failed live is taken back. */
final class Deployment {
    private final PymacaronBuilder form;
    private final StageOrder order;
    private final StageRunner runner;
    private final Until until;

    Deployment(PymacaronBuilder form, StageOrder order, StageRunner runner) {
        this.form = form;
        this.order = order;
        this.runner = runner;
        until = Until.of(form.getUntil());
    }

    void run() throws IOException, InterruptedException {
        runner.run(order);
        runner.run(order.forStage("preflight"));
        if (!form.isSkipUnit()) {
            runner.run(order.forStage("unit"));
        }
        runner.run(order.forStage("build"));
        if (!form.isSkipContainer()) {
            runner.run(order.forStage("container"));
        }
        if (!form.isKeepImageLocal()) {
            runner.run(order.forStage("push"));
        }
        if (until != Until.PUSH) {
            deploy();
        }
    }

    private void deploy() throws IOException, InterruptedException {
        runner.run(order.forStage("staging"));
        if (!form.isSkipStaging()) {
            runner.run(order.forStage("accept-staging"));
        }
        if (until == Until.LIVE) {
            runner.run(order.forStage("pre-promote"));
            runner.run(order.forStage("promote").last(form.isSkipLive()));
            if (!form.isSkipLive()) {
                acceptLive();
            }
        }
    }

    private void acceptLive() throws IOException, InterruptedException {
        try {
            runner.run(order.forStage("live").last(true));
        } catch (AbortException e) {
            takeBack(e);
        } catch (InterruptedException e) {
            // Somebody who aborts wants nothing half-made, and a live that nobody has accepted is half-made.
            takeBack(new AbortException(Messages.Deployment_aborted()));
        }
    }

    private void takeBack(AbortException why) throws IOException, InterruptedException {
        try {
            runner.run(order.forStage("rollback"));
        } catch (AbortException e) {
            throw new AbortException(Messages.Deployment_notTakenBack(why.getMessage(), e.getMessage()));
        }
        throw new AbortException(Messages.Deployment_takenBack(why.getMessage()));
    }
}
