package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.pymacaron.jenkins.config.FormChecks;
import io.jenkins.plugins.pymacaron.jenkins.config.StageTimeout;
import io.jenkins.plugins.pymacaron.jenkins.credentials.SecretBinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;

/** The text of a step and the checks of its form, which read only the typed text. */
public abstract class ServiceStepDescriptor extends StepDescriptor {
    private static final List<String> SAID = List.of("dir", "env", "target", "on", "version");
    private static final String THE_WORKSPACE = ".";

    private final String function;
    private final String displayName;

    protected ServiceStepDescriptor(String function, String displayName) {
        this.function = function;
        this.displayName = displayName;
    }

    @Override
    public String getFunctionName() {
        return function;
    }

    @Override
    public String getDisplayName() {
        return displayName;
    }

    /**
     * Returns the text that lists of steps show beside the name, or instead of it: the service and the place. Any other
     * value alone there, such as a dot or the handling of failures, would look like the step itself.
     */
    @Override
    public String argumentsToString(@NonNull Map<String, Object> arguments) {
        String said = SAID.stream()
                .map(arguments::get)
                .filter(CharSequence.class::isInstance) // and not the reason why a value is not stored
                .map(value -> value.toString().strip())
                .filter(value -> !value.isEmpty() && !value.equals(THE_WORKSPACE))
                .collect(Collectors.joining(", "));
        return Util.fixEmpty(said);
    }

    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        return Set.of(Run.class, FlowNode.class, FilePath.class, EnvVars.class, Launcher.class, TaskListener.class);
    }

    /** Reads the form, which has tables where a Pipeline has maps. */
    @Override
    public Step newInstance(StaplerRequest2 request, JSONObject form) throws FormException {
        Optional<Map<String, String>> timeouts = StageTimeout.take(form);
        Object secrets = form.remove("secretTable");
        Step step = super.newInstance(request, form);
        if (step instanceof ServiceStep service) {
            timeouts.ifPresent(service::setTimeouts);
            if (secrets != null) {
                service.setSecrets(SecretBinding.toMap(request.bindJSONToList(SecretBinding.class, secrets)));
            }
        }
        return step;
    }

    @SuppressWarnings("lgtm[jenkins/no-permission-check]") // It is the same for every user.
    public ListBoxModel doFillTargetItems() {
        return FormChecks.targets();
    }

    @SuppressWarnings("lgtm[jenkins/no-permission-check]") // It checks only the typed text.
    public FormValidation doCheckCanary(@QueryParameter String value) {
        return FormChecks.canary(value);
    }
}
