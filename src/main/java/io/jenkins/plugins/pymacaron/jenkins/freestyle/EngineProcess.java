package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.Computer;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.EngineShell;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageFiles;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageLauncher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The core at work on the agent. An executor that waits for a process itself kills it and all of its children when the
 * build is aborted; here another thread waits, so that an abort asks only the core to stop, and the core can undo
 * half-made changes.
 */
final class EngineProcess {
    /** More than the core itself takes for it. */
    private static final long UNDO_MINUTES = 5;

    private static final long SIGNAL_SECONDS = 30;

    /** The process may be launched, but may not have written its process id yet. */
    private static final String STOP = "n=0; while [ ! -s \"$1/" + StageFiles.PID
            + "\" ] && [ $n -lt 50 ]; do n=$((n+1)); sleep 0.2; done; " + StageFiles.TELL_TO_STOP;

    private final Launcher launcher;
    private final TaskListener listener;
    private final FilePath workspace;
    private final FilePath directory;
    private final ConsoleSections log;
    private Future<Integer> ended;

    private EngineProcess(StageLauncher command, FilePath workspace, Launcher launcher, TaskListener listener) {
        this.launcher = launcher;
        this.listener = listener;
        this.workspace = workspace;
        directory = command.getDirectory();
        log = new ConsoleSections(listener.getLogger());
    }

    /** Starts the process. @param environment of the build, to which that of the command is added */
    static EngineProcess start(
            @NonNull StageLauncher command,
            @NonNull FilePath workspace,
            @NonNull Map<String, String> environment,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws IOException {
        EngineProcess engine = new EngineProcess(command, workspace, launcher, listener);
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(command.getEnvironment());
        all.replaceAll((name, value) -> EngineShell.literal(value));
        Proc process = engine.shell(EngineShell.start(command))
                .envs(all)
                .stdout(engine.log)
                .stderr(engine.log)
                .start();
        engine.ended = Computer.threadPoolForRemoting.submit(process::join);
        return engine;
    }

    /** Waits until it has ended; its result is in its directory then. */
    void await() throws IOException, InterruptedException {
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw new AbortException(Messages.EngineProcess_lost(e.getCause()));
        }
        log.forceEol();
    }

    /**
     * Asks it to undo half-made changes, and waits until it has.
     *
     * @throws InterruptedException if the build is aborted once more; it is killed then
     */
    void stop() throws IOException, InterruptedException {
        listener.getLogger().println(Messages.EngineProcess_stopping());
        boolean over = false;
        try {
            shell(StageFiles.shell(STOP, directory))
                    .start()
                    .joinWithTimeout(SIGNAL_SECONDS, TimeUnit.SECONDS, listener);
            ended.get(UNDO_MINUTES, TimeUnit.MINUTES);
            over = true;
        } catch (ExecutionException e) {
            over = true;
            throw new AbortException(Messages.EngineProcess_lost(e.getCause()));
        } catch (TimeoutException e) {
            listener.getLogger().println(Messages.EngineProcess_killed(UNDO_MINUTES));
        } finally {
            if (!over) {
                ended.cancel(true);
            }
        }
        log.forceEol();
    }

    private Launcher.ProcStarter shell(List<String> command) {
        List<String> argv = new ArrayList<>(command);
        argv.replaceAll(EngineShell::literal);
        return launcher.launch().cmds(argv).pwd(workspace).quiet(true);
    }
}
