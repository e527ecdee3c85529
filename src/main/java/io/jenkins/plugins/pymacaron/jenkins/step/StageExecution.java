package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.BuildLimits;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOutcome;
import io.jenkins.plugins.pymacaron.jenkins.lock.WaitsForEnvironment;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Runs stages one after the other: it takes the environments that a stage changes, starts the stage's process on the
 * agent, and lets go of it. No thread waits. The process goes on while the controller is away, and is found again after
 * it.
 *
 * <p>The current stage and its process are kept; a stage without a process has not begun.
 */
final class StageExecution extends StepExecution implements WaitsForEnvironment {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(StageExecution.class.getName());

    /** The time until the agent is asked again for a result, or a result is recorded again. */
    private static final long AGAIN_SECONDS = 5;

    private volatile Progress progress;

    private transient volatile EnvironmentTurn turn;
    private transient volatile Throwable stopped;
    private transient volatile boolean waiting;
    /** The process has ended; the rest is the controller's work. */
    private transient volatile boolean collected;

    StageExecution(StepContext context, List<StageOrder> orders) {
        super(context);
        progress = Progress.of(orders);
    }

    @Override
    public boolean start() throws Exception {
        warnIfLost();
        background(this::begin);
        return false;
    }

    @Override
    public void onResume() {
        background(() -> {
            StageProcess running = progress.process();
            if (running == null) {
                begin();
            } else {
                running.resume(this);
            }
        });
    }

    /** Begins the current stage. */
    private void begin() throws IOException, InterruptedException {
        StageOrder order = progress.order();
        BuildLimits.check(order, get(Run.class), get(TaskListener.class));
        turn = EnvironmentTurn.of(order, get(Run.class));
        if (turn.needsConfiguration() || turn.isVague() && !progress.isAfter("config")) {
            if (progress.isAfter("config")) {
                throw new AbortException(Messages.StageExecution_noEnvironment(order.getTitle()));
            }
            progress = progress.first(order.lookUp());
            begin();
            return;
        }
        turn.refuseAnotherThanAsked(order, get(Run.class));
        turn.refuseIfPaused(order, get(Run.class), get(TaskListener.class));
        waiting = true;
        WaitingLabel label = new WaitingLabel(get(FlowNode.class), get(TaskListener.class));
        turn.take(get(Run.class), label).whenComplete((taken, failure) -> {
            waiting = false;
            label.remove();
            if (failure == null) {
                background(() -> launch(order));
            } else if (stopped == null) {
                fail(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        });
    }

    private void launch(StageOrder order) throws Exception {
        synchronized (this) {
            if (stopped != null) {
                return;
            }
        }
        collected = false;
        StageProcess started = StageProcess.start(order, this);
        synchronized (this) {
            progress = progress.running(started);
        }
        if (stopped == null) {
            started.releaseOnceSaved(this);
        } else {
            started.stop(order, this, stopped);
        }
    }

    /**
     * Handles the end of the process; called after a restart too.
     *
     * @param failure null if it ended by itself; otherwise it may still have a result
     */
    void exited(@CheckForNull Throwable failure) {
        background(() -> collect(failure));
    }

    private void collect(Throwable failure) throws Exception {
        synchronized (this) {
            if (collected) {
                return;
            }
            collected = true;
        }
        StageOrder order = progress.order();
        StageProcess ended = progress.process();
        if (ended == null) {
            fail(failure == null ? new AbortException(Messages.StageExecution_noResult(order.getTitle())) : failure);
            return;
        }
        Optional<String> result;
        try {
            result = ended.result(order, this);
        } catch (AbortException e) {
            done(ended);
            fail(e);
            return;
        } catch (IOException e) {
            if (failure != null || stopped != null || ended.isGone()) {
                done(ended);
                fail(failure == null ? e : failure);
                return;
            }
            collected = false;
            later(() -> collect(null));
            return;
        }
        // A process that was killed while it wrote has no result.
        if (failure != null && result.filter(text -> text.endsWith("\n")).isEmpty()) {
            done(ended);
            fail(failure);
        } else {
            ended(order, ended, result.orElse(""));
        }
    }

    private void ended(StageOrder order, StageProcess ended, String stdout) throws Exception {
        if (StageScript.gaveUp(stdout)) {
            // Nothing has happened yet: the controller that started it went away at that very moment.
            done(ended);
            progress = progress.notBegun();
            begin();
            return;
        }
        StageOutcome outcome;
        try {
            outcome = StageOutcome.of(get(Run.class), get(FlowNode.class), order, stdout, get(TaskListener.class));
        } catch (AbortException e) {
            done(ended);
            fail(e);
            return;
        }
        record(order, ended, outcome);
    }

    /**
     * Records the outcome, repeatedly if needed: without a stored result the build could neither go on nor roll back.
     */
    private void record(StageOrder order, StageProcess ended, StageOutcome outcome) throws Exception {
        try {
            outcome.record();
        } catch (IOException e) {
            if (stopped == null) {
                later(() -> record(order, ended, outcome));
            } else {
                fail(stopped);
            }
            return;
        }
        Map<String, Object> answer;
        try {
            answer = outcome.answer();
        } catch (AbortException e) {
            done(ended);
            fail(e);
            return;
        }
        done(ended);
        EnvironmentTurn.passOn(order, get(Run.class));
        if (stopped != null) {
            fail(stopped);
        } else if (progress.isLast()) {
            getContext().onSuccess(answer);
        } else {
            progress = progress.next();
            begin();
        }
    }

    private void later(Task task) {
        Timer.get().schedule(() -> background(task), AGAIN_SECONDS, TimeUnit.SECONDS);
    }

    private void done(StageProcess ended) {
        if (ended != null) {
            ended.cleanUp(this);
        }
    }

    private void fail(Throwable failure) {
        getContext().onFailure(stopped == null ? failure : stopped);
    }

    /** Stops waiting at once. A stage that has begun ends as soon as it has undone its changes. */
    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        StageProcess running;
        synchronized (this) {
            stopped = cause;
            running = progress.process();
        }
        if (running != null) {
            // The recording in progress looks for it by itself.
            background(() -> {
                if (!collected) {
                    running.stop(progress.order(), this, cause);
                }
            });
            return;
        }
        EnvironmentTurn waiting = turn;
        if (waiting != null) {
            waiting.cancel(get(Run.class));
        }
        getContext().onFailure(cause);
    }

    @Override
    public String getStatus() {
        StageOrder order = progress.order();
        StageProcess running = progress.process();
        EnvironmentTurn waiting = turn;
        if (stopped != null) {
            return Messages.StageExecution_stopping(order.getTitle());
        }
        if (running != null) {
            return Messages.StageExecution_running(order.getTitle(), running.getNode());
        }
        return waiting == null
                ? Messages.StageExecution_starting(order.getTitle())
                : Messages.StageExecution_waiting(order.getTitle(), waiting);
    }

    @Override
    public boolean isWaitingForEnvironment() {
        return waiting;
    }

    private void warnIfLost() throws IOException, InterruptedException {
        FlowExecutionOwner.Executable run = (FlowExecutionOwner.Executable) get(Run.class);
        FlowExecutionOwner owner = run.asFlowExecutionOwner();
        if (owner != null && !owner.get().getDurabilityHint().isPersistWithEveryStep()) {
            get(TaskListener.class).getLogger().println(Messages.StageExecution_notDurable());
        }
    }

    <T> T get(Class<T> type) throws IOException, InterruptedException {
        return getContext().get(type);
    }

    /** A task that may fail. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** Runs a task, never in the thread of the Pipeline, nor in the few that watch processes. */
    void background(Task task) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                task.run();
            } catch (Exception | LinkageError e) {
                Jenkins jenkins = Jenkins.getInstanceOrNull();
                if (jenkins == null || jenkins.isTerminating()) {
                    // This is no failure of the stage: it goes on when Jenkins is back.
                    LOGGER.log(Level.FINE, "cut off by the shutdown", e);
                    return;
                }
                fail(e);
            }
        });
    }
}
