package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.lock.WaitingListener;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Shows in the views of a Pipeline that a step waits for an environment. The text is the label of the step, which
 * {@code FlowNode.getDisplayName} (the list of steps) and {@code PipelineStepApi.parseSteps} of Pipeline Graph
 * View show instead of the name of the step.
 *
 * <p>The label's class belongs to workflow-api, so that a waiting build can be read without this plugin.
 */
final class WaitingLabel implements WaitingListener {
    private final FlowNode node;
    private final TaskListener log;
    /** Guarded by this. */
    private boolean over;

    WaitingLabel(@NonNull FlowNode node, @NonNull TaskListener log) {
        this.node = node;
        this.log = log;
    }

    @Override
    public TaskListener log() {
        return log;
    }

    @Override
    public synchronized void waits(String text) {
        if (!over) {
            node.addOrReplaceAction(new LabelAction(text));
        }
    }

    /** Removes the label once the step no longer waits, also one from before a restart. */
    synchronized void remove() {
        over = true;
        node.removeActions(LabelAction.class);
    }
}
