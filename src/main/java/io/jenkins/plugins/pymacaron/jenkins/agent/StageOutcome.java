package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Takes over the result of a stage into Jenkins. */
public final class StageOutcome {
    private static final Logger LOGGER = Logger.getLogger(StageOutcome.class.getName());

    /** The stages that change and test nothing: a build's history has a line about them only when they fail. */
    private static final Set<String> ASKING = Set.of("config", "plan");

    private final Run<?, ?> run;

    @CheckForNull
    private final FlowNode node;

    private final StageOrder order;
    private final StageResult result;
    private final TaskListener listener;
    private final StageRecording recording;
    private boolean said;

    private StageOutcome(Run<?, ?> run, FlowNode node, StageOrder order, StageResult result, TaskListener listener) {
        this.run = run;
        this.node = node;
        this.order = order;
        this.result = result;
        this.listener = listener;
        recording = new StageRecording(run, node, order, result, listener);
    }

    /**
     * Reads the outcome of a stage that has ended.
     *
     * @param node of the step in its Pipeline; null in other builds
     * @param stdout the process's standard output, with the result as its last line
     * @throws AbortException with one line when there is no result in it
     */
    @NonNull
    public static StageOutcome of(
            @NonNull Run<?, ?> run,
            @CheckForNull FlowNode node,
            @NonNull StageOrder order,
            @NonNull String stdout,
            @NonNull TaskListener listener)
            throws AbortException {
        Optional<StageResult> plain = ContainerTestRunner.result(order, stdout);
        return new StageOutcome(
                run, node, order, plain.isPresent() ? plain.get() : StageResultParser.parse(order, stdout), listener);
    }

    /**
     * Records the result: in the build, in the history of its job, and its test results with the node's stage. Only
     * after that the stage no longer counts as one that may have left something.
     *
     * @throws IOException if the controller cannot keep it, as with a full disk; a later call goes on from there
     */
    public void record() throws IOException, InterruptedException {
        try {
            if (isGood(order, result) && ASKING.contains(order.getStage())) {
                PymacaronRun.of(run).change(order.getDirectory(), service -> StageRecords.learn(service, result));
            } else {
                recording.goOn();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot record " + order + " of " + run);
            if (!said) {
                listener.error(
                        Messages.StageOutcome_notRecorded(order.getTitle(), StageResultParser.line(e.getMessage())));
            }
            said = true;
            throw e;
        }
        KeptVersions.get().ended(UnfinishedStages.get().find(run, order), order, result);
        UnfinishedStages.get().ended(run, order, result);
    }

    /**
     * Returns the result of the step for its Pipeline, of maps, lists, strings, numbers and booleans only.
     *
     * @throws AbortException with one line when the stage failed, unless only tests failed and the order lets the build
     *     go on, marked by the node's warning
     */
    @NonNull
    public Map<String, Object> answer() throws AbortException {
        if (isGood(order, result)) {
            StageRecords.plan(result).forEach(listener.getLogger()::println);
            return StepReturnValues.of(order, result);
        }
        String message = titled(order, result);
        if (order.isUnstableOnFailure() && result.outcome() == RunOutcome.TESTS_FAILED) {
            listener.getLogger().println(message);
            if (node != null) {
                node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
            }
            run.setResult(Result.UNSTABLE);
            return StepReturnValues.of(order, result);
        }
        throw new AbortException(message);
    }

    /**
     * Judges the result of a clean-up, which belongs to no build.
     *
     * @return when there is more to be ended, if there is
     * @throws AbortException with one line when it failed
     */
    @NonNull
    public static Optional<Instant> judge(@NonNull StageOrder order, @NonNull String stdout) throws AbortException {
        StageResult result = StageResultParser.parse(order, stdout);
        if (!isGood(order, result)) {
            throw new AbortException(titled(order, result));
        }
        return result.keptUntil();
    }

    /**
     * Records the versions that a clean-up has made serve again in place of this build's, as a rollback of the build.
     *
     * @param cutOff the stage that was cleaned up
     * @param stdout of a clean-up that {@link #judge} has found good
     */
    public static void recordRestored(
            @NonNull Run<?, ?> run, @NonNull StageOrder cutOff, @NonNull String stdout, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        StageResult result = StageResultParser.parse(cutOff, stdout);
        if (!result.deployments().isEmpty()) {
            String reason = Messages.StageOutcome_cutOff(cutOff.getTitle());
            StageOrder back = cutOff.forStage("rollback").because(reason);
            new StageOutcome(run, null, back, result, listener).record();
        }
    }

    /** Returns the message with the stage's title, once. */
    private static String titled(StageOrder order, StageResult result) {
        String message = StageResultParser.line(result.message());
        String title = order.getTitle() + ": ";
        return message.startsWith(title) ? message : title + message;
    }

    private static boolean isGood(StageOrder order, StageResult result) {
        return switch (result.outcome()) {
            case SUCCEEDED, PLANNED -> true;
            case ROLLED_BACK -> order.getStage().equals("rollback");
            default -> false;
        };
    }
}
