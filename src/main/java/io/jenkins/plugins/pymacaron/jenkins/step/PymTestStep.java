package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.AbortException;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;

/** Runs the tests in {@code test/}. */
public final class PymTestStep extends TestingStep {
    @DataBoundConstructor
    public PymTestStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) throws AbortException {
        return List.of(judging(common.forStage("unit")));
    }

    @Extension
    public static final class DescriptorImpl extends TestingDescriptor {
        public DescriptorImpl() {
            super("pymTest", Messages.PymTestStep_displayName());
        }
    }
}
