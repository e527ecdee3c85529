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
import io.jenkins.plugins.pymacaron.jenkins.agent.EngineShell;
import io.jenkins.plugins.pymacaron.jenkins.agent.Heartbeat;
import io.jenkins.plugins.pymacaron.jenkins.agent.ResultFile;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageDirectories;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageLauncher;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOutcome;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/** One attempt to undo what a stage has left, or to end what it kept, on the agent on which it ran. */
final class CleanupAttempt {
    /** An undo in a cloud takes time; a later attempt goes on where this one ended. */
    private static final long PATIENCE_MINUTES = 45;

    private final UnfinishedStage stage;
    private final CleanupTask book;

    CleanupAttempt(UnfinishedStage stage, CleanupTask book) {
        this.stage = stage;
        this.book = book;
    }

    /**
     * Waits for its turn, without a thread. Never fails: a failed undo is tried again later.
     *
     * @return completes when it is over
     */
    CompletableFuture<Void> run() {
        return book.begin()
                .thenAcceptAsync(
                        turn -> {
                            if (turn) {
                                attempt();
                            }
                        },
                        Computer.threadPoolForRemoting);
    }

    private void attempt() {
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
        // Its process may still be there, if its build was aborted while the agent was away.
        Heartbeat.tell(stage);
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
            StageLauncher command = StageLauncher.toCleanUp(stage, run, workspace, env, launcher, listener);
            try {
                process(command, env, workspace, launcher, listener);
                StageOrder order = stage.getOrder().forStage("cleanup");
                String result = ResultFile.read(order, command.getDirectory()).orElse("");
                next = StageOutcome.judge(order, result);
                if (stage.isOf(run)) {
                    StageOutcome.recordRestored(run, stage.getOrder(), result, listener);
                }
            } finally {
                command.deleteDirectory();
                // The process of the stage has ended by now, if it was still there.
                FilePath stages = command.getDirectory().getParent();
                if (stages != null) {
                    StageDirectories.get().deleteAbandoned(node.getNodeName(), stages);
                }
            }
        }
        book.done(next, log);
    }

    private static void process(
            StageLauncher command, EnvVars env, FilePath workspace, Launcher launcher, TaskListener listener)
            throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(env);
        all.putAll(command.getEnvironment());
        all.replaceAll((name, value) -> EngineShell.literal(value));
        List<String> argv = new ArrayList<>(EngineShell.start(command));
        argv.replaceAll(EngineShell::literal);
        launcher.launch()
                .cmds(argv)
                .envs(all)
                .pwd(workspace)
                .quiet(true)
                .stdout(listener.getLogger())
                .stderr(listener.getLogger())
                .start()
                .joinWithTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES, listener);
    }

    /** Returns the build, or another one of its job where it was deleted: credentials are looked up in its name. */
    private Optional<Run<?, ?>> context() {
        Optional<Run<?, ?>> run = stage.findBuild();
        if (run.isPresent()) {
            return run;
        }
        String name = stage.getBuild().substring(0, stage.getBuild().lastIndexOf('#'));
        Job<?, ?> job = Jenkins.get().getItemByFullName(name, Job.class);
        // Another job of that name may belong to other users, whose credentials must not be used there.
        return job != null && stage.isOf(job) ? Optional.ofNullable(job.getLastBuild()) : Optional.empty();
    }
}
