package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;

/** Sends the image of this build to its registry; from there on only its digest counts. */
public final class PymPushStep extends StageStep {
    @DataBoundConstructor
    public PymPushStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        return List.of(common.forStage("push"));
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super("pymPush", Messages.PymPushStep_displayName());
        }
    }
}
