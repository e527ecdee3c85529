package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
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
        StageOrder common;
        try {
            common = StageOrder.of("config")
                    .in(getDir())
                    .with(Parameter.ENVIRONMENT, getEnv())
                    .with(Parameter.TARGET, getTarget())
                    .with(Parameter.PYTHON, getPython())
                    .with(Parameter.COMMIT, getCommit())
                    .with(Parameter.KEEP_FAILED, isKeepFailed())
                    .with(Parameter.ALLOW_OLDER, isAllowOlder())
                    .with(Parameter.CANARY, getCanary())
                    .credentials(getCredentials())
                    .secrets(getSecrets())
                    .timeouts(getTimeouts());
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
        return new StageExecution(context, orders(common, context.get(Run.class)));
    }
}
