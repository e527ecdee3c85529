package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.Builder;
import io.jenkins.plugins.pymacaron.jenkins.agent.ParameterChecks;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.config.KeyValueLines;
import io.jenkins.plugins.pymacaron.jenkins.config.StageTimeout;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.tasks.SimpleBuildStep;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The build step "Deploy PyMacaron microservice": all stages of a deployment as one build step of a freestyle job. */
public final class PymacaronBuilder extends Builder implements SimpleBuildStep {
    private String dir = "";
    private String env = "";
    private String target = "";
    private String until = LastStage.LIVE.name();
    private boolean skipUnit;
    private boolean skipContainer;
    private boolean skipStaging;
    private boolean skipLive;
    private boolean forceBuild;
    private boolean keepImageLocal;
    private boolean keepFailed;
    private boolean allowOlder;
    private String python = "";
    private String canary = "";
    private String timeouts = "";
    private CredentialIds credentials = new CredentialIds();
    private List<SecretBinding> secrets = new ArrayList<>();

    @DataBoundConstructor
    public PymacaronBuilder() {
        // Nothing is required: pym-config.yaml contains it.
    }

    @Override
    public void perform(
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars environment,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        StageRunner runner = new StageRunner(run, workspace, environment, launcher, listener);
        new Deployment(this, run, BuildOrigin.of(run, listener), runner).run();
    }

    /** Sets the fields that a file written by hand, or by another version, does not have. */
    private Object readResolve() {
        setDir(dir);
        setEnv(env);
        setTarget(target);
        setUntil(until);
        setPython(python);
        setCanary(canary);
        setTimeouts(timeouts);
        setCredentials(credentials);
        setSecrets(secrets);
        return this;
    }

    @NonNull
    public String getDir() {
        return dir;
    }

    @DataBoundSetter
    public void setDir(@CheckForNull String dir) {
        this.dir = Util.fixNull(dir).trim();
    }

    @NonNull
    public String getEnv() {
        return env;
    }

    @DataBoundSetter
    public void setEnv(@CheckForNull String env) {
        this.env = Util.fixNull(env).trim();
    }

    @NonNull
    public String getTarget() {
        return target;
    }

    @DataBoundSetter
    public void setTarget(@CheckForNull String target) {
        this.target = Util.fixNull(target).trim();
    }

    /** Returns the last stage, a constant of {@link LastStage}. */
    @NonNull
    public String getUntil() {
        return until;
    }

    @DataBoundSetter
    public void setUntil(@CheckForNull String until) {
        this.until = LastStage.of(until).name();
    }

    public boolean isSkipUnit() {
        return skipUnit;
    }

    @DataBoundSetter
    public void setSkipUnit(boolean skipUnit) {
        this.skipUnit = skipUnit;
    }

    public boolean isSkipContainer() {
        return skipContainer;
    }

    @DataBoundSetter
    public void setSkipContainer(boolean skipContainer) {
        this.skipContainer = skipContainer;
    }

    public boolean isSkipStaging() {
        return skipStaging;
    }

    @DataBoundSetter
    public void setSkipStaging(boolean skipStaging) {
        this.skipStaging = skipStaging;
    }

    public boolean isSkipLive() {
        return skipLive;
    }

    @DataBoundSetter
    public void setSkipLive(boolean skipLive) {
        this.skipLive = skipLive;
    }

    public boolean isForceBuild() {
        return forceBuild;
    }

    @DataBoundSetter
    public void setForceBuild(boolean forceBuild) {
        this.forceBuild = forceBuild;
    }

    public boolean isKeepImageLocal() {
        return keepImageLocal;
    }

    @DataBoundSetter
    public void setKeepImageLocal(boolean keepImageLocal) {
        this.keepImageLocal = keepImageLocal;
    }

    public boolean isKeepFailed() {
        return keepFailed;
    }

    @DataBoundSetter
    public void setKeepFailed(boolean keepFailed) {
        this.keepFailed = keepFailed;
    }

    public boolean isAllowOlder() {
        return allowOlder;
    }

    @DataBoundSetter
    public void setAllowOlder(boolean allowOlder) {
        this.allowOlder = allowOlder;
    }

    @NonNull
    public String getPython() {
        return python;
    }

    @DataBoundSetter
    public void setPython(@CheckForNull String python) {
        this.python = Util.fixNull(python).trim();
    }

    /** Returns percentages of live traffic, such as {@code 5, 25, 50}. */
    @NonNull
    public String getCanary() {
        return canary;
    }

    @DataBoundSetter
    public void setCanary(@CheckForNull String canary) {
        this.canary = Util.fixNull(canary).trim();
    }

    /** Returns lines such as {@code staging=10m}. */
    @NonNull
    public String getTimeouts() {
        return timeouts;
    }

    @DataBoundSetter
    public void setTimeouts(@CheckForNull String timeouts) {
        this.timeouts = Util.fixNull(timeouts).trim();
    }

    /** Returns the table for the form. */
    @NonNull
    public List<StageTimeout> getTimeoutTable() {
        return StageTimeout.table(KeyValueLines.parse(timeouts));
    }

    @NonNull
    public CredentialIds getCredentials() {
        return credentials;
    }

    @DataBoundSetter
    public void setCredentials(@CheckForNull CredentialIds credentials) {
        this.credentials = CredentialIds.orNone(credentials);
    }

    @NonNull
    public List<SecretBinding> getSecrets() {
        return secrets;
    }

    @DataBoundSetter
    public void setSecrets(@CheckForNull List<SecretBinding> secrets) {
        this.secrets = SecretBinding.copy(secrets);
    }

    /** Returns the order with all parameters. @throws AbortException with a line for each wrong value */
    @NonNull
    StageOrder order() throws AbortException {
        ParameterChecks.refuse(ParameterChecks.of(dir, target, canary, KeyValueLines.parse(timeouts)));
        return StageOrder.of("config")
                .in(dir)
                .with(Parameter.ENVIRONMENT, env)
                .with(Parameter.TARGET, target)
                .with(Parameter.PYTHON, python)
                .with(Parameter.CANARY, canary)
                .with(Parameter.FORCE_BUILD, forceBuild)
                .with(Parameter.PUSH, !keepImageLocal)
                .with(Parameter.KEEP_FAILED, keepFailed)
                .with(Parameter.ALLOW_OLDER, allowOlder)
                .credentials(credentials)
                .secrets(SecretBinding.toMap(secrets))
                .timeouts(KeyValueLines.parse(timeouts));
    }

    @Extension
    public static final class DescriptorImpl extends BuilderDescriptor {
        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> type) {
            return true;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.PymacaronBuilder_displayName();
        }
    }
}
