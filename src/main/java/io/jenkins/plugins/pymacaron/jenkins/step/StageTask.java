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

/** The process of a stage as a shell script, which durable-task knows how to keep. */
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
        // Not expanded: a secret may have a dollar in it.
        all.putAll(command.getEnvironment());
        boolean launched = false;
        try {
            Controller process = script.launch(all, workspace, launcher, listener);
            launched = true;
            return process;
        } finally {
            if (!launched) {
                directory.deleteRecursive();
            }
        }
    }

    /** Of the process, once it is launched. */
    FilePath directory() {
        return directory;
    }

    @Override
    public void captureOutput() {
        // never: the result is in a file of its own
    }

    @Override
    public void charset(Charset charset) {
        // The engine writes UTF-8, whatever the agent's default is.
    }

    @Override
    public void defaultCharset() {
        // as above
    }
}
