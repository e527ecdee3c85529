package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;

/** Shows what a deployment would change, with nothing changed. */
public final class PymPlanStep extends StageStep {
    @DataBoundConstructor
    public PymPlanStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        return List.of(common.forStage("plan"));
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super("pymPlan", Messages.PymPlanStep_displayName());
        }
    }
}
