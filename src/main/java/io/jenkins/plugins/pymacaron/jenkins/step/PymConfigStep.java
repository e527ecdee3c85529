package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;

/** Returns the configuration of a service, resolved, as a map. */
public final class PymConfigStep extends StageStep {
    @DataBoundConstructor
    public PymConfigStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        return List.of(common);
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super("pymConfig", Messages.PymConfigStep_displayName());
        }
    }
}
