package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.Map;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** What becomes of a stage's result in Jenkins. */
public final class StageOutcome {
    private StageOutcome() {}

    /**
     * Records a stage that has ended: in the build, its test results with the node's stage, and by the node's warning.
     *
     * @param node of the step in its Pipeline; null in other builds
     * @param stdout the process's standard output, with the result as its last line
     * @return what the step answers to its Pipeline, of maps, lists, strings, numbers and booleans only
     * @throws hudson.AbortException with one line when the stage failed, unless only tests failed and the order lets
     *     the build go on
     */
    @NonNull
    public static Map<String, Object> accept(
            @NonNull Run<?, ?> run,
            @CheckForNull FlowNode node,
            @NonNull StageOrder order,
            @NonNull String stdout,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        throw new IOException("not yet");
    }
}
