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
import io.jenkins.plugins.pymacaron.pipeline.StageResult;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
        Optional<StageResult> plain = PlainTests.result(order, stdout);
        StageResult result = plain.isPresent() ? plain.get() : Results.parse(order, stdout);
        KeptVersions.get().ended(UnfinishedStages.get().find(run, order), order, result);
        UnfinishedStages.get().ended(run, order, result);
        boolean good = isGood(order, result);
        if (good && ASKING.contains(order.getStage())) {
            PymacaronRun.of(run).change(order.getDirectory(), service -> Records.learn(service, result));
        } else {
            record(run, node, order, result, listener);
        }
        if (good) {
            return Answers.of(order, result);
        }
        String message = order.getTitle() + ": " + Results.line(result.message());
        if (order.isUnstableOnFailure() && result.outcome() == RunOutcome.TESTS_FAILED) {
            listener.getLogger().println(message);
            if (node != null) {
                node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
            }
            run.setResult(Result.UNSTABLE);
            return Answers.of(order, result);
        }
        throw new AbortException(message);
    }

    /**
     * For a clean-up, which no build is about.
     *
     * @return when there is more to be ended, if there is
     * @throws hudson.AbortException with one line when it failed
     */
    @NonNull
    public static Optional<Instant> judge(@NonNull StageOrder order, @NonNull String stdout) throws AbortException {
        StageResult result = Results.parse(order, stdout);
        if (!isGood(order, result)) {
            throw new AbortException(order.getTitle() + ": " + Results.line(result.message()));
        }
        return result.keptUntil();
    }

    private static boolean isGood(StageOrder order, StageResult result) {
        return switch (result.outcome()) {
            case SUCCEEDED, PLANNED -> true;
            case ROLLED_BACK -> order.getStage().equals("rollback");
            default -> false;
        };
    }

    private static void record(
            Run<?, ?> run, FlowNode node, StageOrder order, StageResult result, TaskListener listener)
            throws IOException, InterruptedException {
        String nodeId = node == null ? null : node.getId();
        PymacaronRun all = PymacaronRun.of(run);
        // After a restart, it may be that only the Pipeline does not know yet.
        boolean again = nodeId != null
                && all.find(order.getDirectory())
                        .flatMap(s -> s.last(order.getStage()))
                        .filter(s -> nodeId.equals(s.getNodeId()))
                        .isPresent();
        if (again) {
            return;
        }
        StageRecord stage = Records.stage(order, result, nodeId, ReportFiles.write(run, order.getStage(), result));
        ServiceRun service = all.change(order.getDirectory(), s -> {
            Records.learn(s, result);
            s.add(stage.getUrl().isEmpty() ? stage.at(Records.tested(order, s)) : stage);
        });
        TestResults.attach(run, node, order, service.getService(), result, listener);
        all.tell(service, stage);
    }
}
