package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How a stage is started on an agent: one process, which logs to its standard error, writes its result as one line of
 * JSON to its standard output and ends with 0 whenever it has a result. Holds secrets: not to be kept.
 */
public final class StageCommand {
    private final List<String> argv;
    private final Map<String, String> environment;
    private final FilePath directory;

    StageCommand(List<String> argv, Map<String, String> environment, FilePath directory) {
        this.argv = List.copyOf(argv);
        this.environment = Map.copyOf(environment);
        this.directory = directory;
    }

    /**
     * Looks up the credentials, brings the engine to the agent and writes the specification beside the workspace.
     *
     * @param env of the step or build, in which secrets of an outer binding may be
     * @throws hudson.AbortException with one line: a credential is missing, the agent is of no use, ...
     */
    @NonNull
    public static StageCommand prepare(
            @NonNull StageOrder order,
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        throw new IOException("not yet");
    }

    /** Program and arguments; no secret is in them. */
    @NonNull
    public List<String> getArgv() {
        return argv;
    }

    /** To be added to that of the step or build; has the secrets. */
    @NonNull
    public Map<String, String> getEnvironment() {
        return environment;
    }

    /** On the agent, private, with the specification in it; to be deleted when the process has ended. */
    @NonNull
    public FilePath getDirectory() {
        return directory;
    }

    /** Secrets do not show. */
    @Override
    public String toString() {
        return "StageCommand" + argv + environment.keySet();
    }
}
