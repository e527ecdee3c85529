package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.ResultFile;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageDirectories;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.FilePathUtils;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A stage's process on an agent, as a Pipeline keeps it. */
final class StageProcess implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(StageProcess.class.getName());

    /** The time in which a stage may undo its changes. After that it is killed. */
    private static final long UNDO_MINUTES = 15;

    private static final long SIGNAL_SECONDS = 30;

    private final String id;
    private final String node;
    private final String directory;
    private final StepExecution durable;
    private transient volatile boolean ended;
    private transient boolean told;

    private StageProcess(String id, FilePath directory, StepExecution durable) {
        this.id = id;
        node = FilePathUtils.getNodeName(directory);
        this.directory = directory.getRemote();
        this.durable = durable;
    }

    /** Starts it; it does nothing before it is released. */
    static StageProcess start(StageOrder order, StageExecution execution) throws Exception {
        String id = UUID.randomUUID().toString();
        StageTask task = new StageTask(order, execution.get(Run.class));
        StepExecution durable = new AgentStep(task).start(new ResultContext(execution.getContext(), execution, id));
        durable.start();
        return new StageProcess(id, task.directory(), durable);
    }

    /** Returns the name for people. */
    String getNode() {
        return node.isEmpty() ? Messages.StageProcess_builtIn() : node;
    }

    /** Lets it begin as soon as the Pipeline would find it again. */
    void releaseOnceSaved(StageExecution execution) {
        execution.getContext().saveState().addListener(() -> execution.background(this::release), Runnable::run);
    }

    private void release() throws IOException, InterruptedException {
        FilePath there = find();
        if (there != null && there.isDirectory()) {
            StageScript.go(there).write("", "UTF-8");
        }
        // Otherwise it gives up after a while, and another one is started.
    }

    void resume(StageExecution execution) throws Exception {
        if (PendingResult.read(execution.get(Run.class), id).isPresent()) {
            execution.exited(null);
            return;
        }
        durable.onResume();
        // It may still wait for it.
        release();
    }

    /**
     * Returns the output of the process, once it has ended. It stays on the agent until {@link #cleanUp}, and also on
     * the controller, if that has room for it.
     *
     * @throws AbortException with one line, if it is not usable
     * @throws IOException if the agent cannot be asked now
     */
    Optional<String> result(StageOrder order, StageExecution execution) throws IOException, InterruptedException {
        Run<?, ?> run = execution.get(Run.class);
        Optional<String> known = PendingResult.read(run, id);
        if (known.isPresent()) {
            return known;
        }
        FilePath there = find();
        if (there == null) {
            throw new IOException(Messages.StageProcess_away(getNode()));
        }
        Optional<String> result = ResultFile.read(order, there);
        if (result.isPresent()) {
            try {
                PendingResult.write(run, id, result.get());
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "The result of " + order + " of " + run + " is on its agent only");
            }
        }
        return result;
    }

    /** Returns whether the agent is no part of this Jenkins any more. */
    boolean isGone() {
        return !node.isEmpty() && Jenkins.get().getNode(node) == null;
    }

    /** Tells it to undo its changes and to end; a second request does not wait for that. */
    void stop(StageOrder order, StageExecution execution, Throwable cause) throws Exception {
        // A process that cannot be reached now is told when it can be, and changes nothing more before that.
        UnfinishedStages.get().abandon(execution.get(Run.class), order);
        FilePath there = find();
        boolean again;
        synchronized (this) {
            again = told;
            told = true;
        }
        if (again || there == null || !signal(there, execution)) {
            durable.stop(cause);
            return;
        }
        Timer.get()
                .schedule(
                        () -> execution.background(() -> {
                            if (!ended) {
                                durable.stop(cause);
                            }
                        }),
                        UNDO_MINUTES,
                        TimeUnit.MINUTES);
    }

    private boolean signal(FilePath there, StageExecution execution) throws IOException, InterruptedException {
        TaskListener listener = execution.get(TaskListener.class);
        listener.getLogger().println(Messages.StageProcess_stopping());
        int code = execution
                .get(Launcher.class)
                .launch()
                .cmds(StageScript.stop(there))
                .pwd(execution.get(FilePath.class))
                .quiet(true)
                .start()
                .joinWithTimeout(SIGNAL_SECONDS, TimeUnit.SECONDS, listener);
        return code == 0;
    }

    /** Removes its files beside the workspace. */
    void cleanUp(StageExecution execution) {
        ended = true;
        execution.background(() -> {
            try {
                StageDirectories.get().delete(node, directory);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> directory + " is left on " + node);
            }
        });
    }

    private FilePath find() {
        return FilePathUtils.find(node, directory);
    }
}
