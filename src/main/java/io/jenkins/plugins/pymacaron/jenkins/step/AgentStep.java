package io.jenkins.plugins.pymacaron.jenkins.step;

import org.jenkinsci.plugins.durabletask.DurableTask;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;

/**
 * Runs processes that outlive Jenkins. It is no step for users: they see {@link StageStep}, and none of its switches.
 */
final class AgentStep extends DurableTaskStep {
    private final StageTask task;

    AgentStep(StageTask task) {
        this.task = task;
    }

    @Override
    protected DurableTask task() {
        return task;
    }
}
