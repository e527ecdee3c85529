package io.jenkins.plugins.pymacaron.jenkins.lock;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;

/** The question that a build asks, and its answer. */
public final class Inputs {
    private Inputs() {}

    public static void proceed(WorkflowRun run) throws Exception {
        await(run).doProceedEmpty();
    }

    /** Returns the one question that is asked now, or will be soon. */
    public static InputStepExecution await(WorkflowRun run) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (System.nanoTime() < end && run.isBuilding()) {
            InputAction action = run.getAction(InputAction.class);
            List<InputStepExecution> asked = action == null ? List.of() : action.getExecutions();
            if (!asked.isEmpty()) {
                return asked.get(0);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("It asks nothing: " + run.getLog());
    }
}
