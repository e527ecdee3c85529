package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageLauncher;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.durabletask.BourneShellScript;
import org.jenkinsci.plugins.durabletask.Controller;
import org.jenkinsci.plugins.durabletask.DurableTask;

/** The process of a stage as a shell script, which durable-task can keep. */
final class StageTask extends DurableTask {
    private final StageOrder order;
    private final Run<?, ?> run;
    private FilePath directory;

    StageTask(StageOrder order, Run<?, ?> run) {
        this.order = order;
        this.run = run;
    }

    @Override
    public Controller launch(EnvVars env, FilePath workspace, Launcher launcher, TaskListener listener)
            throws IOException, InterruptedException {
        StageLauncher command = StageLauncher.prepare(order, run, workspace, env, launcher, listener);
        directory = command.getDirectory();
        BourneShellScript script = new BourneShellScript(StageScript.of(command));
        script.charset(StandardCharsets.UTF_8);
        EnvVars all = new EnvVars(env);
        // They are not expanded: a secret may contain a dollar sign.
        all.putAll(command.getEnvironment());
        boolean launched = false;
        try {
            Controller process = script.launch(all, workspace, launcher, listener);
            launched = true;
            return process;
        } finally {
            if (!launched) {
                command.deleteDirectory();
            }
        }
    }

    /** Returns the directory of the process, once it is launched. */
    FilePath directory() {
        return directory;
    }

    @Override
    public void captureOutput() {
        // Never: the result is in a file of its own.
    }

    @Override
    public void charset(Charset charset) {
        // The core writes UTF-8, independent of the agent's default.
    }

    @Override
    public void defaultCharset() {
        // As above.
    }
}
