package io.jenkins.plugins.pymacaron.jenkins.dsl;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.OrderedBuild;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** Begins {@code pymacaronDeploy}: it checks the parameters, and decides what this build may do and does. */
public final class OrderStep extends Step {
    private final Map<String, Object> parameters;

    @DataBoundConstructor
    public OrderStep(Map<String, Object> parameters) {
        this.parameters = parameters;
    }

    public Map<String, Object> getParameters() {
        return parameters;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, parameters);
    }

    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "It is needed at the start only")
    private static final class Execution extends SynchronousNonBlockingStepExecution<Map<String, Object>> {
        private static final long serialVersionUID = 1;

        /** It is not needed again: a synchronous step does not go on after a restart. */
        private final transient Map<String, Object> parameters;

        Execution(StepContext context, Map<String, Object> parameters) {
            super(context);
            this.parameters = parameters;
        }

        @Override
        protected Map<String, Object> run() throws Exception {
            Run<?, ?> run = getContext().get(Run.class);
            TaskListener listener = getContext().get(TaskListener.class);
            boolean inNode = getContext().get(FilePath.class) != null;
            Order order = new Order(
                    new Parameters(parameters),
                    BuildOrigin.of(run, listener),
                    Surroundings.of(run, getContext().get(FlowExecution.class), inNode),
                    RollbackRequest.of(run));
            Map<String, Object> decided = order.decide();
            if (run.getAction(OrderedBuild.class) == null) {
                run.addAction(new OrderedBuild());
            }
            order.notes().forEach(listener.getLogger()::println);
            return decided;
        }
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "pymacaronOrder";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.OrderStep_displayName();
        }

        /**
         * Returns true: users do not write this step by hand. The snippet generator cannot leave a step out: it lists
         * all step descriptors, and without a descriptor {@code DSL.invokeMethod} finds no step. An advanced step is
         * listed below <em>Advanced/Deprecated</em>, with a warning before its snippet
         * ({@code Snippetizer.getQuasiDescriptors} and {@code doGenerateSnippet} of workflow-cps). Its form says what
         * to write instead.
         */
        @Override
        public boolean isAdvanced() {
            return true;
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> arguments) {
            return null;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowExecution.class);
        }
    }
}
