package io.jenkins.plugins.pymacaron.jenkins.dsl;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.step.ServiceStep;
import io.jenkins.plugins.pymacaron.jenkins.step.ServiceStepDescriptor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.sf.json.JSONObject;
import org.apache.commons.lang3.StringUtils;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The call {@code pymacaronDeploy(…)}, as the snippet generator and Declarative see it, and its beginning. A Pipeline
 * finds the global variable of this name first, which calls this step for its order, and then opens the stages. So the
 * only step that is no stage has the name and the parameters of the whole call.
 */
public final class PymacaronDeployStep extends ServiceStep {
    /** The parts of {@code approve}, which are fields of their own in the form. */
    private static final List<String> QUESTION = List.of("submitter", "message", "ok");

    private Map<String, Object> parameters;
    private String label;
    private String testImage;
    private String live;
    private String skip;
    private boolean plan;
    private boolean forceBuild;
    private boolean approve;
    private Map<String, String> question = new LinkedHashMap<>();

    @DataBoundConstructor
    public PymacaronDeployStep() {
        // All parameters are optional.
    }

    @Override
    public StepExecution start(StepContext context) throws AbortException {
        if (parameters == null) {
            throw new AbortException(Messages.PymacaronDeployStep_alone());
        }
        return new OrderExecution(context, parameters);
    }

    /** Returns the parameters of the call, as they are; null in a form. */
    @CheckForNull
    public Map<String, Object> getParameters() {
        return parameters;
    }

    @DataBoundSetter
    public void setParameters(@CheckForNull Map<String, Object> parameters) {
        this.parameters = parameters;
    }

    @CheckForNull
    public String getLabel() {
        return label;
    }

    @DataBoundSetter
    public void setLabel(@CheckForNull String label) {
        this.label = Util.fixEmptyAndTrim(label);
    }

    @CheckForNull
    public String getTestImage() {
        return testImage;
    }

    @DataBoundSetter
    public void setTestImage(@CheckForNull String testImage) {
        this.testImage = Util.fixEmptyAndTrim(testImage);
    }

    /** Returns the branches that may go live, separated by commas. */
    @CheckForNull
    public String getLive() {
        return live;
    }

    @DataBoundSetter
    public void setLive(@CheckForNull String live) {
        this.live = Util.fixEmptyAndTrim(live);
    }

    /** Returns the tests that are left out, separated by commas. */
    @CheckForNull
    public String getSkip() {
        return skip;
    }

    @DataBoundSetter
    public void setSkip(@CheckForNull String skip) {
        this.skip = Util.fixEmptyAndTrim(skip);
    }

    public boolean isPlan() {
        return plan;
    }

    @DataBoundSetter
    public void setPlan(boolean plan) {
        this.plan = plan;
    }

    public boolean isForceBuild() {
        return forceBuild;
    }

    @DataBoundSetter
    public void setForceBuild(boolean forceBuild) {
        this.forceBuild = forceBuild;
    }

    public boolean isApprove() {
        return approve;
    }

    @DataBoundSetter
    public void setApprove(boolean approve) {
        this.approve = approve;
    }

    /** Returns null: a form has no closures. Declarative knows a parameter by its setter. */
    @CheckForNull
    public String getOnSuccess() {
        return null;
    }

    @DataBoundSetter
    public void setOnSuccess(@CheckForNull String closure) {
        // The global variable calls it.
    }

    /** Returns null, as {@link #getOnSuccess}. */
    @CheckForNull
    public String getOnFailure() {
        return null;
    }

    @DataBoundSetter
    public void setOnFailure(@CheckForNull String closure) {
        // The global variable calls it.
    }

    @CheckForNull
    public String getSubmitter() {
        return question.get("submitter");
    }

    @CheckForNull
    public String getMessage() {
        return question.get("message");
    }

    @CheckForNull
    public String getOk() {
        return question.get("ok");
    }

    public boolean isSkipUnit() {
        return skips("unit");
    }

    public boolean isSkipContainer() {
        return skips("container");
    }

    public boolean isSkipStaging() {
        return skips("staging");
    }

    public boolean isSkipLive() {
        return skips("live");
    }

    private boolean skips(String tests) {
        return texts(skip).contains(tests);
    }

    private static List<String> texts(@CheckForNull String line) {
        return Arrays.stream(Util.fixNull(line).split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    @Extension
    public static final class DescriptorImpl extends ServiceStepDescriptor {
        public DescriptorImpl() {
            super(PymacaronDeployVariable.NAME, Messages.PymacaronDeployStep_displayName());
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowExecution.class);
        }

        /** Makes the step for the global variable; another caller is refused before a parameter is looked at. */
        @Override
        public Step newInstance(Map<String, Object> arguments) throws Exception {
            if (!arguments.containsKey("parameters")) {
                throw new AbortException(Messages.PymacaronDeployStep_alone());
            }
            return super.newInstance(arguments);
        }

        /** Reads the form, which has a box for each of the tests, and fields for the question before live. */
        @Override
        public Step newInstance(StaplerRequest2 request, JSONObject form) throws FormException {
            form.put(
                    "skip",
                    Parameters.SKIPPABLE.stream()
                            .filter(tests -> form.optBoolean("skip" + StringUtils.capitalize(tests)))
                            .collect(Collectors.joining(", ")));
            Map<String, String> question = new LinkedHashMap<>();
            for (String part : QUESTION) {
                String text = form.optString(part).strip();
                if (!text.isEmpty()) {
                    question.put(part, text);
                }
            }
            // The step input takes a space for a part of a name.
            question.computeIfPresent("submitter", (part, names) -> names.replaceAll("\\s*,\\s*", ","));
            Step step = super.newInstance(request, form);
            if (step instanceof PymacaronDeployStep call) {
                call.question = question;
            }
            return step;
        }

        /** Returns the parameters as a Jenkinsfile has them, which has lists and a map where the form has lines. */
        @Override
        public UninstantiatedDescribable uninstantiate(@NonNull Step step) {
            PymacaronDeployStep call = PymacaronDeployStep.class.cast(step);
            DescribableModel<PymacaronDeployStep> model = DescribableModel.of(PymacaronDeployStep.class);
            UninstantiatedDescribable fields = model.uninstantiate2(call);
            Map<String, Object> arguments = new TreeMap<>(fields.getArguments());
            for (String name : List.of("skip", "live")) {
                arguments.computeIfPresent(name, (n, line) -> {
                    List<String> texts = texts(line.toString());
                    return texts.size() == 1 ? texts.get(0) : texts;
                });
            }
            if (call.approve && !call.question.isEmpty()) {
                arguments.put("approve", call.question);
            }
            UninstantiatedDescribable written =
                    new UninstantiatedDescribable(fields.getSymbol(), fields.getKlass(), arguments);
            written.setModel(model);
            return written;
        }
    }
}
