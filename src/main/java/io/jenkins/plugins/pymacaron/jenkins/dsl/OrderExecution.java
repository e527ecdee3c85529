package io.jenkins.plugins.pymacaron.jenkins.dsl;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.jenkins.run.OrderedBuild;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.util.Map;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;

/**
 * Checks the parameters of {@code pymacaronDeploy}, and decides what this build may do and does. It asks the SCM, for
 * which the thread of the Pipeline must not wait.
 */
@SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "It is needed at the start only")
final class OrderExecution extends SynchronousNonBlockingStepExecution<Map<String, Object>> {
    private static final long serialVersionUID = 1;

    /** It is not needed again: a synchronous step does not go on after a restart. */
    private final transient Map<String, Object> parameters;

    OrderExecution(StepContext context, Map<String, Object> parameters) {
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
