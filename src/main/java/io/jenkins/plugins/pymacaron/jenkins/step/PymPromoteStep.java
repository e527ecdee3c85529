package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;

/** Has live serve what staging serves, after what the configuration wants to be done before. */
public final class PymPromoteStep extends StageStep {
    @DataBoundConstructor
    public PymPromoteStep() {
        // all parameters are optional
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        return List.of(common.forStage("pre-promote"), common.forStage("promote"));
    }

    @Extension
    public static final class DescriptorImpl extends StageStepDescriptor {
        public DescriptorImpl() {
            super("pymPromote", Messages.PymPromoteStep_displayName());
        }
    }
}
