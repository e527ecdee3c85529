package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A step that runs stages of a service. */
public abstract class StageStep extends ServiceStep {
    /** Returns the stages to run one after the other; the last one gives the result. */
    @NonNull
    abstract List<StageOrder> orders(@NonNull StageOrder common, @NonNull Run<?, ?> run) throws AbortException;

    @Override
    public final StepExecution start(StepContext context) throws Exception {
        return new StageExecution(context, orders(order(), context.get(Run.class)));
    }
}
