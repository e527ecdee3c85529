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
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.targets.EnvironmentNames;
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
    /** Those that were not this build's before. */
    private final TreeSet<String> taken = new TreeSet<>();

    StageRunner(Run<?, ?> run, FilePath workspace, EnvVars environment, Launcher launcher, TaskListener listener) {
        this.run = run;
        this.workspace = workspace;
        this.environment = environment;
        this.launcher = launcher;
        this.listener = listener;
    }

    /**
     * @return what a step of a Pipeline would answer
     * @throws AbortException with one line when the stage failed
     * @throws InterruptedException when the build was aborted; what was half-made has been taken back then
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
            delete(command.getDirectory());
        }
    }

    /** As often as it takes: what is not kept anywhere could not be gone back from. */
    private StageOutcome recorded(StageOrder order, StageLauncher command) throws IOException, InterruptedException {
        String result = ResultFile.read(order, command.getDirectory()).orElse("");
        StageOutcome outcome = StageOutcome.of(run, null, order, result, listener);
        while (true) {
            try {
                outcome.record();
                return outcome;
            } catch (IOException e) {
                // It has been said.
                TimeUnit.SECONDS.sleep(AGAIN_SECONDS);
            }
        }
    }

    /** What the stage came to is in the build's history; that the build fails is for the abort to say. */
    private void recordAborted(StageOrder order, StageLauncher command) throws IOException, InterruptedException {
        try {
            recorded(order, command).answer();
        } catch (AbortException e) {
            say(e.getMessage());
        }
    }

    /**
     * Before any work, rather than when their turn comes.
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
            CompletableFuture<Void> turn = EnvironmentQueue.get().acquire(name, run, listener, order.isBack());
            try {
                turn.get();
                taken.add(name);
            } catch (InterruptedException e) {
                EnvironmentQueue.get().cancel(name, run);
                // It may have been this build's turn at that very moment.
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

    /** In the order of their names, so that two builds never wait for each other. */
    private Collection<String> environments(StageOrder order) throws AbortException {
        ServiceRun service = service(order);
        TreeSet<String> environments = new TreeSet<>(
                order.getStage().equals("staging")
                        ? List.of(service.getStagingEnvironment())
                        : service.getLiveEnvironments());
        environments.remove("");
        return environments;
    }

    /** What is known of the service of an order, once its configuration has been read. */
    ServiceRun service(StageOrder order) throws AbortException {
        return PymacaronRun.of(run)
                .find(order.getDirectory())
                .orElseThrow(() -> new AbortException(Messages.StageRunner_nothingKnown(order.getTitle())));
    }

    /** Lets the next build have the environments: this one may have other things to do for a long while. */
    void release() {
        taken.forEach(name -> EnvironmentQueue.get().release(name, run));
        taken.clear();
    }

    void say(String line) {
        listener.getLogger().println(line);
    }

    /** That an agent has gone away must not hide why. */
    private static void delete(FilePath directory) throws InterruptedException {
        try {
            directory.deleteRecursive();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot delete " + directory);
        }
    }
}
