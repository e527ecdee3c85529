package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** What becomes of a stage's result in Jenkins. */
public final class StageOutcome {
    /** They change and test nothing: worth a line in a build's history only when they fail. */
    private static final Set<String> ASKING = Set.of("config", "plan");

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
        ResultText result = ResultText.parse(order, stdout);
        boolean good = isGood(order, result);
        if (good && ASKING.contains(order.getStage())) {
            PymacaronRun.of(run).change(order.getDirectory(), service -> learn(service, result));
        } else {
            record(run, node, order, result, listener);
        }
        if (good) {
            return Answers.of(order, result);
        }
        String message = order.getTitle() + ": " + result.line("message");
        if (order.isUnstableOnFailure() && result.text("outcome").equals("TESTS_FAILED")) {
            listener.getLogger().println(message);
            if (node != null) {
                node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
            }
            run.setResult(Result.UNSTABLE);
            return Answers.of(order, result);
        }
        throw new AbortException(message);
    }

    private static boolean isGood(StageOrder order, ResultText result) {
        return switch (result.text("outcome")) {
            case "SUCCEEDED", "PLANNED" -> true;
            case "ROLLED_BACK" -> order.getStage().equals("rollback");
            default -> false;
        };
    }

    private static void record(Run<?, ?> run, FlowNode node, StageOrder order, ResultText result, TaskListener listener)
            throws IOException, InterruptedException {
        String nodeId = node == null ? null : node.getId();
        StageRecord stage = Records.stage(order, result, nodeId, ReportFiles.write(run, order.getStage(), result));
        ServiceRun service = PymacaronRun.of(run)
                .change(order.getDirectory(), s -> learn(s, result).add(stage));
        TestResults.attach(run, node, order, service.getService(), result, listener);
        PymacaronRun.of(run).tell(service, stage);
    }

    private static ServiceRun learn(ServiceRun service, ResultText result) {
        return service.named(result.line("service"), result.line("commit"), result.line("branch"))
                .serving(Records.staging(result), Records.live(result))
                .with(Records.image(result).orElse(null))
                .continuing(result.stateOver(service.getStateJson()));
    }
}
