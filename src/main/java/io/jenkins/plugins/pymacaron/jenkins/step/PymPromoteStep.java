package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Makes live serve the version of staging, after the program that the configuration names. */
public final class PymPromoteStep extends StageStep {
    private boolean last;

    @DataBoundConstructor
    public PymPromoteStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        return List.of(
                common.forStage("pre-promote"), common.forStage("promote").last(last));
    }

    /** Returns whether live is not accepted, so that the version before is not kept for that. */
    public boolean isLast() {
        return last;
    }

    @DataBoundSetter
    public void setLast(boolean last) {
        this.last = last;
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super("pymPromote", Messages.PymPromoteStep_displayName());
        }
    }
}
