package io.jenkins.plugins.pymacaron.jenkins.reconcile;

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
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/** One attempt to undo what a stage has left, or to end what it kept, on the agent where it ran. */
final class CleanUp {
    /** A cloud takes its time to undo; after that another attempt goes on where this one was. */
    private static final long PATIENCE_MINUTES = 45;

    private final UnfinishedStage stage;
    private final Book book;

    CleanUp(UnfinishedStage stage, Book book) {
        this.stage = stage;
        this.book = book;
    }

    /** Never fails: what could not be undone is tried again later. */
    void run() {
        if (!book.begin()) {
            return;
        }
        try {
            undo();
        } catch (IOException | RuntimeException | LinkageError e) {
            boolean explained = e instanceof AbortException;
            book.failed(explained ? e.getMessage() : e.toString(), explained ? null : e);
        } catch (InterruptedException e) {
            // Jenkins ends; it is tried again after the restart.
            Thread.currentThread().interrupt();
        } finally {
            book.end();
        }
    }

    private void undo() throws IOException, InterruptedException {
        Node node = stage.getNode().isEmpty() ? Jenkins.get() : Jenkins.get().getNode(stage.getNode());
        Optional<Run<?, ?>> run = context();
        if (node == null || run.isEmpty()) {
            book.gone("its " + (node == null ? "agent" : "job") + " is gone");
            return;
        }
        FilePath workspace = node.createPath(stage.getWorkspace());
        Computer computer = node.toComputer();
        if (workspace == null || computer == null || computer.isOffline()) {
            book.away(node.getDisplayName());
            return;
        }
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary == null || !temporary.child("pymacaron").child("home").isDirectory()) {
            book.gone("its workspace was deleted");
            return;
        }
        run(run.get(), node, computer, workspace);
    }

    private void run(Run<?, ?> run, Node node, Computer computer, FilePath workspace)
            throws IOException, InterruptedException {
        Optional<Instant> next;
        File log = new File(run.getRootDir(), "pymacaron-clean-up.log");
        try (StreamTaskListener listener = new StreamTaskListener(log, true, StandardCharsets.UTF_8)) {
            EnvVars env = computer.buildEnvironment(listener);
            env.putAll(stage.getEnvironment());
            Launcher launcher = node.createLauncher(listener);
            StageCommand command = StageCommand.toCleanUp(stage, run, workspace, env, launcher, listener);
            try {
                next = StageOutcome.judge(
                        stage.getOrder().forStage("cleanup"), process(command, env, workspace, launcher, listener));
            } finally {
                command.getDirectory().deleteRecursive();
            }
        }
        book.done(next, log);
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
