package io.jenkins.plugins.pymacaron.jenkins.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageCommand;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOutcome;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStage;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** One attempt to undo what a stage has left, on the agent where it ran. */
final class CleanUp {
    private static final Logger LOGGER = Logger.getLogger(CleanUp.class.getName());

    /** A cloud takes its time to undo; after that another attempt goes on where this one was. */
    private static final long PATIENCE_MINUTES = 45;

    /** What nobody could undo for so long, somebody has to look at. */
    private static final Duration WORTH_TRYING = Duration.ofDays(7);

    private final UnfinishedStage stage;

    CleanUp(UnfinishedStage stage) {
        this.stage = stage;
    }

    /** Never fails: what could not be undone is tried again later. */
    void run() {
        try {
            undo();
        } catch (IOException | RuntimeException | LinkageError e) {
            boolean explained = e instanceof AbortException;
            failed(explained ? e.getMessage() : e.toString(), explained ? null : e);
        } catch (InterruptedException e) {
            // Jenkins ends; it is tried again after the restart.
            Thread.currentThread().interrupt();
        }
    }

    private void failed(String line, @CheckForNull Throwable fault) {
        LOGGER.log(Level.WARNING, fault, () -> "Not undone yet: " + stage + ": " + line);
        if (stage.getTried()
                .filter(t -> t.plus(WORTH_TRYING).isBefore(Instant.now()))
                .isPresent()) {
            LOGGER.warning(() -> "Not tried any more: " + stage);
            UnfinishedStages.get().forget(stage);
        } else {
            UnfinishedStages.get().keep(stage, line);
        }
    }

    private void undo() throws IOException, InterruptedException {
        Optional<String> busy = stage.isCutOff()
                ? Optional.empty()
                : EnvironmentQueue.get().firstOfAnother(stage.getEnvironments(), stage.getBuild());
        if (busy.isPresent()) {
            // It goes on from what it finds there; when it ends, this is looked at again.
            String holder = EnvironmentQueue.get().holder(busy.get()).orElse("");
            UnfinishedStages.get().keep(stage, Messages.CleanUp_busy(holder, busy.get()));
            return;
        }
        Node node = stage.getNode().isEmpty() ? Jenkins.get() : Jenkins.get().getNode(stage.getNode());
        Optional<Run<?, ?>> run = context();
        if (node == null || run.isEmpty()) {
            LOGGER.warning(() -> "Nobody can undo " + stage + " any more: its " + (node == null ? "agent" : "job")
                    + " is gone. The next deployment to there finds what is left.");
            UnfinishedStages.get().forget(stage);
            return;
        }
        FilePath workspace = node.createPath(stage.getWorkspace());
        Computer computer = node.toComputer();
        if (workspace == null || computer == null || computer.isOffline()) {
            UnfinishedStages.get().keep(stage, Messages.CleanUp_offline(node.getDisplayName()));
            return;
        }
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary == null || !temporary.child("pymacaron").child("home").isDirectory()) {
            LOGGER.warning(() -> "Nobody can undo " + stage
                    + " any more: its workspace was deleted. The next deployment to there finds what is left.");
            UnfinishedStages.get().forget(stage);
            return;
        }
        run(run.get(), node, computer, workspace);
    }

    private void run(Run<?, ?> run, Node node, Computer computer, FilePath workspace)
            throws IOException, InterruptedException {
        File log = new File(run.getRootDir(), "pymacaron-clean-up.log");
        try (StreamTaskListener listener = new StreamTaskListener(log, true, StandardCharsets.UTF_8)) {
            EnvVars env = computer.buildEnvironment(listener);
            env.putAll(stage.getEnvironment());
            Launcher launcher = node.createLauncher(listener);
            StageCommand command = StageCommand.toCleanUp(stage, run, workspace, env, launcher, listener);
            try {
                StageOutcome.judge(
                        stage.getOrder().forStage("cleanup"), process(command, env, workspace, launcher, listener));
            } finally {
                command.getDirectory().deleteRecursive();
            }
        }
        LOGGER.info(() -> "Undid what was left of " + stage + "; see " + log);
        UnfinishedStages.get().forget(stage);
    }

    /** @return its standard output */
    private static String process(
            StageCommand command, EnvVars env, FilePath workspace, Launcher launcher, TaskListener listener)
            throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(env);
        all.putAll(command.getEnvironment());
        // Launchers expand what looks like a variable, also in a secret with a dollar.
        all.replaceAll((name, value) -> value.replace("$", "$$"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        launcher.launch()
                .cmds(command.getArgv())
                .envs(all)
                .pwd(workspace)
                .quiet(true)
                .stdout(out)
                .stderr(listener.getLogger())
                .start()
                .joinWithTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES, listener);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The build, or another one of its job where it was deleted: credentials are looked up in its name. */
    private Optional<Run<?, ?>> context() {
        Optional<Run<?, ?>> run = Reconciler.find(stage.getBuild());
        if (run.isPresent()) {
            return run;
        }
        String job = stage.getBuild().substring(0, stage.getBuild().lastIndexOf('#'));
        return Optional.ofNullable(Jenkins.get().getItemByFullName(job, Job.class))
                .map(Job::getLastBuild);
    }
}
