package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.ResultFile;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageLauncher;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOutcome;
import io.jenkins.plugins.pymacaron.jenkins.lock.DeploymentPause;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.WaitingListener;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs stages on the agent of a build, whose executor waits for them, and for the environments that they change. */
final class StageRunner {
    private static final Logger LOGGER = Logger.getLogger(StageRunner.class.getName());

    private static final long AGAIN_SECONDS = 5;

    private final Run<?, ?> run;
    private final FilePath workspace;
    private final EnvVars environment;
    private final Launcher launcher;
    private final TaskListener listener;
    /** The environments that were not this build's before. */
    private final TreeSet<String> taken = new TreeSet<>();

    StageRunner(Run<?, ?> run, FilePath workspace, EnvVars environment, Launcher launcher, TaskListener listener) {
        this.run = run;
        this.workspace = workspace;
        this.environment = environment;
        this.launcher = launcher;
        this.listener = listener;
    }

    /**
     * Runs a stage.
     *
     * @return the same result as a step of a Pipeline
     * @throws AbortException with one line when the stage failed
     * @throws InterruptedException when the build was aborted; half-made changes have been undone then
     */
    Map<String, Object> run(StageOrder order) throws IOException, InterruptedException {
        if (order.isMutating()) {
            takeTurn(order);
        }
        StageLauncher command = StageLauncher.prepare(order, run, workspace, environment, launcher, listener);
        try {
            EngineProcess engine = EngineProcess.start(command, workspace, environment, launcher, listener);
            try {
                engine.await();
            } catch (InterruptedException e) {
                engine.stop();
                recordAborted(order, command);
                throw e;
            }
            return recorded(order, command).answer();
        } finally {
            delete(command);
        }
    }

    /** Records the outcome, repeatedly if needed: without a stored result no rollback would be possible. */
    private StageOutcome recorded(StageOrder order, StageLauncher command) throws IOException, InterruptedException {
        String result = ResultFile.read(order, command.getDirectory()).orElse("");
        StageOutcome outcome = StageOutcome.of(run, null, order, result, listener);
        while (true) {
            try {
                outcome.record();
                return outcome;
            } catch (IOException e) {
                // It was reported before.
                TimeUnit.SECONDS.sleep(AGAIN_SECONDS);
            }
        }
    }

    /** Records the result of an aborted stage in the build's history; the abort itself makes the build fail. */
    private void recordAborted(StageOrder order, StageLauncher command) throws IOException, InterruptedException {
        try {
            recorded(order, command).answer();
        } catch (AbortException e) {
            say(e.getMessage());
        }
    }

    /**
     * Refuses stages before any work, rather than when their turn comes.
     *
     * @param mutating the stages that are to come
     * @throws AbortException with one line, if deployments to one of their environments are paused
     */
    void refuseIfPaused(List<StageOrder> mutating) throws AbortException {
        for (StageOrder order : mutating) {
            DeploymentPause.refuse(environments(order), run);
        }
    }

    private void takeTurn(StageOrder order) throws IOException, InterruptedException {
        for (String name : environments(order)) {
            if (EnvironmentQueue.get().isHeldBy(name, run)) {
                continue;
            }
            CompletableFuture<Void> turn =
                    EnvironmentQueue.get().acquire(name, run, WaitingListener.of(listener), order.isBack());
            try {
                turn.get();
                taken.add(name);
            } catch (InterruptedException e) {
                EnvironmentQueue.get().cancel(name, run);
                // It may have become this build's turn at that very moment.
                EnvironmentQueue.get().release(name, run);
                throw e;
            } catch (CancellationException e) {
                throw new AbortException(Messages.StageRunner_withdrawn(EnvironmentNames.shown(name)));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AbortException refusal) {
                    throw refusal;
                }
                throw new IOException(e.getCause());
            }
        }
    }

    /** Returns the environments in the order of their names, so that two builds never wait for each other. */
    private Collection<String> environments(StageOrder order) throws AbortException {
        ServiceRun service = service(order);
        TreeSet<String> environments = new TreeSet<>(
                order.getStage().equals("staging")
                        ? List.of(service.getStagingEnvironment())
                        : service.getLiveEnvironments());
        environments.remove("");
        return environments;
    }

    /** Returns the record of the service of an order, once its configuration has been read. */
    ServiceRun service(StageOrder order) throws AbortException {
        return PymacaronRun.of(run)
                .find(order.getDirectory())
                .orElseThrow(() -> new AbortException(Messages.StageRunner_nothingKnown(order.getTitle())));
    }

    /** Gives the environments to the next build: this one may have other work for a long time. */
    void release() {
        taken.forEach(name -> EnvironmentQueue.get().release(name, run));
        taken.clear();
    }

    void say(String line) {
        listener.getLogger().println(line);
    }

    /** Deletes a directory. A disconnected agent must not hide the reason of a failure. */
    private static void delete(StageLauncher command) throws InterruptedException {
        try {
            command.deleteDirectory();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot delete " + command.getDirectory());
        }
    }
}
