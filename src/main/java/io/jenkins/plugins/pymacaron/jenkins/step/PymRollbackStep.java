package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.util.List;
import java.util.Optional;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Rolls live back to the version before this build's promotion, or to a named version. */
public final class PymRollbackStep extends StageStep {
    private String version;
    private String reason;

    @DataBoundConstructor
    public PymRollbackStep() {
        // All parameters are optional.
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        // A request for another service, or for a version that is not kept, is none for this step.
        Optional<RollbackRequest> asked = RollbackRequest.of(run)
                .filter(request -> !request.isAgain() && request.getDirectory().equals(common.getDirectory()));
        String why = reason == null ? asked.map(RollbackRequest::getReason).orElse(null) : reason;
        // The request may mean the version before, without its name.
        String wanted = version == null
                ? asked.map(RollbackRequest::getVersion).map(Util::fixEmpty).orElse(null)
                : version;
        return List.of(common.forStage("rollback")
                .with(Parameter.VERSION, wanted)
                .earlier(wanted == null && asked.isPresent())
                .because(why));
    }

    @CheckForNull
    public String getVersion() {
        return version;
    }

    @DataBoundSetter
    public void setVersion(@CheckForNull String version) {
        this.version = Util.fixEmptyAndTrim(version);
    }

    @CheckForNull
    public String getReason() {
        return reason;
    }

    @DataBoundSetter
    public void setReason(@CheckForNull String reason) {
        this.reason = Util.fixEmpty(ReasonTexts.line(reason));
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super("pymRollback", Messages.PymRollbackStep_displayName());
        }
    }
}
