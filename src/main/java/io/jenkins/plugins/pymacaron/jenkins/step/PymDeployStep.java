package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Makes the image of this build, or an older one by its version, serve in staging. */
public final class PymDeployStep extends StageStep {
    private String version;

    @DataBoundConstructor
    public PymDeployStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        StageOrder deploy = common.forStage("staging").with(Parameter.VERSION, version);
        // An image by its version has to be found first, by the stage that builds one otherwise.
        return version == null ? List.of(deploy) : List.of(deploy.forStage("build"), deploy);
    }

    @CheckForNull
    public String getVersion() {
        return version;
    }

    @DataBoundSetter
    public void setVersion(@CheckForNull String version) {
        this.version = Util.fixEmptyAndTrim(version);
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super("pymDeploy", Messages.PymDeployStep_displayName());
        }
    }
}
