package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.pymacaron.jenkins.agent.ParameterChecks;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.config.StageTimeout;
import io.jenkins.plugins.pymacaron.jenkins.credentials.CredentialIds;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.stapler.DataBoundSetter;

/** The common part of all steps: the service, the configuration and the credentials. */
public abstract class ServiceStep extends Step {
    private String dir;
    private String env;
    private String target;
    private String python;
    private String commit;
    private boolean keepFailed;
    private boolean allowOlder;
    private String canary;
    private CredentialIds credentials;
    private Map<String, String> secrets;
    private Map<String, String> timeouts;

    @CheckForNull
    public String getDir() {
        return dir;
    }

    @DataBoundSetter
    public void setDir(@CheckForNull String dir) {
        this.dir = Util.fixEmptyAndTrim(dir);
    }

    @CheckForNull
    public String getEnv() {
        return env;
    }

    @DataBoundSetter
    public void setEnv(@CheckForNull String env) {
        this.env = Util.fixEmptyAndTrim(env);
    }

    @CheckForNull
    public String getTarget() {
        return target;
    }

    @DataBoundSetter
    public void setTarget(@CheckForNull String target) {
        this.target = Util.fixEmptyAndTrim(target);
    }

    @CheckForNull
    public String getPython() {
        return python;
    }

    @DataBoundSetter
    public void setPython(@CheckForNull String python) {
        this.python = Util.fixEmptyAndTrim(python);
    }

    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = Util.fixEmptyAndTrim(commit);
    }

    /** Returns the steps of a canary, in per cent: {@code 5, 25}. */
    @CheckForNull
    public String getCanary() {
        return canary;
    }

    @DataBoundSetter
    public void setCanary(@CheckForNull String canary) {
        this.canary = Util.fixEmptyAndTrim(canary);
    }

    /** Returns whether a candidate that failed its acceptance stays beside the version that serves, for inspection. */
    public boolean isKeepFailed() {
        return keepFailed;
    }

    @DataBoundSetter
    public void setKeepFailed(boolean keepFailed) {
        this.keepFailed = keepFailed;
    }

    /** Returns whether a commit is deployed even if it is older than the one that live serves. */
    public boolean isAllowOlder() {
        return allowOlder;
    }

    @DataBoundSetter
    public void setAllowOlder(boolean allowOlder) {
        this.allowOlder = allowOlder;
    }

    @CheckForNull
    public CredentialIds getCredentials() {
        return credentials;
    }

    @DataBoundSetter
    public void setCredentials(@CheckForNull CredentialIds credentials) {
        this.credentials = new CredentialIds().equals(credentials) ? null : credentials;
    }

    @CheckForNull
    public Map<String, String> getSecrets() {
        return secrets;
    }

    @DataBoundSetter
    public void setSecrets(@CheckForNull Map<String, String> secrets) {
        this.secrets = orNull(secrets);
    }

    @CheckForNull
    public Map<String, String> getTimeouts() {
        return timeouts;
    }

    @DataBoundSetter
    public void setTimeouts(@CheckForNull Map<String, String> timeouts) {
        this.timeouts = orNull(timeouts);
    }

    /** Returns a line for each parameter with a wrong value. */
    @NonNull
    List<String> problems() {
        return ParameterChecks.of(dir, target, canary, timeouts);
    }

    /** Returns the order with all parameters. @throws AbortException with a line for each wrong value */
    @NonNull
    final StageOrder order() throws AbortException {
        ParameterChecks.refuse(problems());
        return StageOrder.of("config")
                .in(dir)
                .with(Parameter.ENVIRONMENT, env)
                .with(Parameter.TARGET, target)
                .with(Parameter.PYTHON, python)
                .with(Parameter.COMMIT, commit)
                .with(Parameter.KEEP_FAILED, keepFailed)
                .with(Parameter.ALLOW_OLDER, allowOlder)
                .with(Parameter.CANARY, canary)
                .credentials(credentials)
                .secrets(secrets)
                .timeouts(timeouts);
    }

    /** Returns the table for the form. */
    @NonNull
    public List<SecretBinding> getSecretTable() {
        return SecretBinding.table(secrets);
    }

    @NonNull
    public List<StageTimeout> getTimeoutTable() {
        return StageTimeout.table(timeouts);
    }

    /** Returns plain strings for any values of Groovy; null for an empty map, so that a snippet does not name it. */
    private static Map<String, String> orNull(Map<?, ?> given) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        Map<String, String> copy = new LinkedHashMap<>();
        given.forEach((key, value) -> copy.put(String.valueOf(key), String.valueOf(value)));
        return copy;
    }
}
