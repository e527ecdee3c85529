package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageCommand;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOutcome;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs stages on the agent of a build, whose executor waits for them. */
final class StageRunner {
    /** What a stage may take to undo what it has begun, once the build is aborted. After that it is killed. */
    private static final long UNDO_MINUTES = 15;

    private static final long SIGNAL_SECONDS = 30;

    private final Run<?, ?> run;
    private final FilePath workspace;
    private final EnvVars environment;
    private final Launcher launcher;
    private final TaskListener listener;

    StageRunner(Run<?, ?> run, FilePath workspace, EnvVars environment, Launcher launcher, TaskListener listener) {
        this.run = run;
        this.workspace = workspace;
        this.environment = environment;
        this.launcher = launcher;
        this.listener = listener;
    }

    /** @throws AbortException with one line when the stage failed */
    void run(StageOrder order) throws IOException, InterruptedException {
        if (order.isMutating()) {
            takeTurn(order);
        }
        StageCommand command = StageCommand.prepare(order, run, workspace, environment, launcher, listener);
        try {
            StageOutcome.accept(run, null, order, execute(command), listener);
        } finally {
            command.getDirectory().deleteRecursive();
        }
    }

    /** The build keeps its environments until it ends. */
    private void takeTurn(StageOrder order) throws IOException, InterruptedException {
        TreeSet<String> environments = new TreeSet<>();
        ServiceRun service = PymacaronRun.of(run)
                .find(order.getDirectory())
                .orElseThrow(() -> new AbortException(Messages.StageRunner_nothingKnown(order.getTitle())));
        environments.addAll(
                order.getStage().equals("staging")
                        ? List.of(service.getStagingEnvironment())
                        : service.getLiveEnvironments());
        environments.remove("");
        for (String name : environments) {
            CompletableFuture<Void> turn = EnvironmentQueue.get().acquire(name, run, listener);
            try {
                turn.get();
            } catch (InterruptedException e) {
                EnvironmentQueue.get().cancel(name, run);
                throw e;
            } catch (CancellationException e) {
                throw new AbortException(Messages.StageRunner_withdrawn(name));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AbortException refusal) {
                    throw refusal;
                }
                throw new IOException(e.getCause());
            }
        }
    }

    private String execute(StageCommand command) throws IOException, InterruptedException {
        LimitedOutput out = new LimitedOutput();
        FilePath pid = command.getDirectory().child("pid");
        // The shell only says who it is, for an abort to be told; then it becomes the engine.
        List<String> argv =
                new ArrayList<>(List.of("sh", "-c", "echo $$ > \"$1\"; shift; exec \"$@\"", "sh", pid.getRemote()));
        argv.addAll(command.getArgv());
        EnvVars all = new EnvVars(environment);
        // Not expanded: a secret may have a dollar in it.
        all.putAll(command.getEnvironment());
        Proc process = launcher.launch()
                .cmds(argv)
                .envs(all)
                .pwd(workspace)
                .stdout(out)
                .stderr(listener.getLogger())
                .quiet(true)
                .start();
        try {
            process.join();
        } catch (InterruptedException e) {
            undo(process, pid);
            // What it came to is recorded, and then the build ends as aborted.
            throw e;
        }
        return out.text();
    }

    private void undo(Proc process, FilePath pid) throws IOException, InterruptedException {
        listener.getLogger().println(Messages.StageRunner_stopping());
        launcher.launch()
                .cmds("sh", "-c", "kill -TERM \"$(cat \"$1\")\"", "sh", pid.getRemote())
                .pwd(workspace)
                .quiet(true)
                .start()
                .joinWithTimeout(SIGNAL_SECONDS, TimeUnit.SECONDS, listener);
        process.joinWithTimeout(UNDO_MINUTES, TimeUnit.MINUTES, listener);
    }

    /** The result of a stage is bounded; what is longer is none. */
    private static final class LimitedOutput extends ByteArrayOutputStream {
        private static final int LONGEST = 32 << 20;

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            if (count + length <= LONGEST) {
                super.write(bytes, from, length);
            }
        }

        @Override
        public synchronized void write(int b) {
            if (count < LONGEST) {
                super.write(b);
            }
        }

        String text() {
            return toString(StandardCharsets.UTF_8);
        }
    }
}
