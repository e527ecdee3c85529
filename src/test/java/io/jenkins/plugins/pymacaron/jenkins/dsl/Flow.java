package io.jenkins.plugins.pymacaron.jenkins.dsl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.cps.nodes.StepEndNode;
import org.jenkinsci.plugins.workflow.cps.nodes.StepStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.StageStep;

/** Reads the view of a build that Jenkins shows. */
final class Flow {
    private Flow() {}

    /** Returns the real stages, in their order, with an exclamation mark where one failed. */
    static List<String> stages(WorkflowRun run) {
        List<FlowNode> nodes = new ArrayList<>(new DepthFirstScanner().allNodes(run.getExecution()));
        Collections.reverse(nodes);
        List<String> stages = new ArrayList<>();
        for (FlowNode node : nodes) {
            if (isStage(node)) {
                stages.add(node.getAction(LabelAction.class).getDisplayName() + (hasFailed(node, nodes) ? "!" : ""));
            }
        }
        return stages;
    }

    private static boolean isStage(FlowNode node) {
        return node instanceof StepStartNode start
                && start.getDescriptor() instanceof StageStep.DescriptorImpl
                && node.getAction(LabelAction.class) != null;
    }

    private static boolean hasFailed(FlowNode start, List<FlowNode> nodes) {
        return nodes.stream()
                .anyMatch(node -> node instanceof StepEndNode end
                        && end.getStartNode().equals(start)
                        && end.getAction(ErrorAction.class) != null);
    }

    static long count(WorkflowRun run, String step) {
        return new DepthFirstScanner()
                .allNodes(run.getExecution()).stream()
                        .filter(node -> node instanceof StepStartNode start
                                && start.isBody()
                                && start.getDescriptor().getFunctionName().equals(step))
                        .count();
    }
}
