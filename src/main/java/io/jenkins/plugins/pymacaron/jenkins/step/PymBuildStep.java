package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Builds the image of exactly this source, unless there is one. */
public final class PymBuildStep extends StageStep {
    private boolean forceBuild;

    @DataBoundConstructor
    public PymBuildStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        return List.of(common.forStage("build").with(Parameter.FORCE_BUILD, forceBuild));
    }

    public boolean isForceBuild() {
        return forceBuild;
    }

    @DataBoundSetter
    public void setForceBuild(boolean forceBuild) {
        this.forceBuild = forceBuild;
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super("pymBuild", Messages.PymBuildStep_displayName());
        }
    }
}
