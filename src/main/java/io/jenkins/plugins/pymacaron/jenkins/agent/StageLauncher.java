package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import io.jenkins.plugins.pymacaron.cli.Main;
import io.jenkins.plugins.pymacaron.jenkins.credentials.BoundSecrets;
import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How a stage is started on an agent: one process, which logs to its standard error, writes its result as one line of
 * JSON to its standard output and ends with 0 whenever it has a result. Holds secrets: not to be kept.
 */
public final class StageLauncher {
    /** A short process: its start counts for more than its speed. */
    private static final List<String> OPTIONS = List.of(
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dfile.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8");

    private static final String NOTHING_KNOWN = "echo '{\"schema\":1,\"stage\":\"config\",\"outcome\":\"SUCCEEDED\"}'";

    private final String java;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final String withoutJava;
    private final FilePath directory;

    StageLauncher(
            String java,
            List<String> arguments,
            Map<String, String> environment,
            String withoutJava,
            FilePath directory) {
        this.java = java;
        this.arguments = List.copyOf(arguments);
        this.environment = Map.copyOf(environment);
        this.withoutJava = withoutJava;
        this.directory = directory;
    }

    /**
     * Looks up the credentials, brings the engine to the agent and writes the specification beside the workspace.
     *
     * @param env of the step or build, in which secrets of an outer binding may be
     * @throws hudson.AbortException with one line: a credential is missing, the agent is of no use, ...
     */
    @NonNull
    public static StageLauncher prepare(
            @NonNull StageOrder given,
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        String id = RunIds.of(run, given.getDirectory());
        return prepare(given, run, id, SpecificationText.state(run, given), workspace, env, launcher, listener);
    }

    /**
     * As {@link #prepare}, to undo what a stage has left.
     *
     * @param context its build or, where that was deleted, one in whose name credentials can be looked up
     */
    @NonNull
    public static StageLauncher toCleanUp(
            @NonNull UnfinishedStage left,
            @NonNull Run<?, ?> context,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        StageOrder order = left.getOrder().forStage("cleanup");
        // Another build's deployment is none of its business; of a lost one the agent knows enough.
        boolean own = left.isOf(context);
        String state = own ? SpecificationText.state(context, order) : "{}";
        String id = left.getRun() == null ? RunIds.of(context, order.getDirectory()) : left.getRun();
        return prepare(order, context, id, state, workspace, env, launcher, listener);
    }

    private static StageLauncher prepare(
            StageOrder given,
            Run<?, ?> run,
            String id,
            String state,
            FilePath workspace,
            EnvVars env,
            Launcher launcher,
            TaskListener listener)
            throws IOException, InterruptedException {
        BuildLimits.check(given, run, listener);
        // Whatever the Pipeline asked for: its text may be the stranger's own.
        boolean trusted = BuildOrigin.of(run, listener).isTrusted();
        StageOrder order = trusted ? given : given.withoutSecrets(true);
        Computer computer = workspace.toComputer();
        Node node = computer == null ? null : computer.getNode();
        if (node == null || computer.getChannel() == null) {
            throw new AbortException(Messages.StageLauncher_gone(workspace));
        }
        AgentFacts agent = computer.getChannel().call(new AgentFacts.Ask());
        if (!agent.isUnix()) {
            throw new AbortException(Messages.StageLauncher_notUnix(node.getDisplayName()));
        }
        // First: a missing credential is known before anything is copied.
        BoundSecrets secrets = StageSecrets.resolve(order, run, workspace, listener);
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary == null) {
            throw new AbortException(Messages.StageLauncher_gone(workspace));
        }
        String classPath = EngineJars.get().place(node, temporary);
        FilePath directory = temporary
                .child("pymacaron")
                .child(order.getStage() + "-" + UUID.randomUUID().toString().substring(0, 12));
        directory.mkdirs();
        directory.chmod(0700);
        boolean complete = false;
        try {
            FilePath wanted = directory.child(StageFiles.WANTED);
            wanted.touch(System.currentTimeMillis());
            FilePath specification = directory.child(StageFiles.SPECIFICATION);
            specification.touch(System.currentTimeMillis());
            specification.chmod(0600);
            specification.write(
                    SpecificationText.of(
                            order,
                            run,
                            id,
                            state,
                            workspace.child(order.getDirectory()).getRemote(),
                            temporary.child("pymacaron").child("home").getRemote(),
                            wanted.getRemote(),
                            secrets.getSecretNames()),
                    "UTF-8");
            Map<String, String> environment = new TreeMap<>(secrets.getEnvironment());
            if (trusted) {
                // With it, images and ids could be made that count as this controller's own.
                environment.put(DeploymentKey.VARIABLE, DeploymentKey.hex());
            }
            String withoutJava = "";
            if (order.getStage().equals("unit")) {
                String service = workspace.child(order.getDirectory()).getRemote();
                withoutJava = ContainerTestRunner.prepare(order, directory, service, environment.keySet());
            } else if (order.isLookUp()) {
                withoutJava = NOTHING_KNOWN;
            }
            if (!SecretHandover.isDirect(launcher)) {
                SecretHandover.write(environment, directory);
                environment = Map.of();
            }
            if (order.isMutating()) {
                UnfinishedStages.get()
                        .begun(UnfinishedStage.of(order, run, node.getNodeName(), workspace, directory, env));
            }
            List<String> arguments = new ArrayList<>(OPTIONS);
            arguments.addAll(
                    List.of("-cp", classPath, Main.class.getName(), "stage", "--spec", specification.getRemote()));
            complete = true;
            return new StageLauncher(agent.getJava(), arguments, environment, withoutJava, directory);
        } finally {
            if (!complete) {
                directory.deleteRecursive();
            }
        }
    }

    /** Program and arguments; no secret is in them. */
    @NonNull
    public List<String> getArgv() {
        List<String> argv = new ArrayList<>(List.of(java));
        argv.addAll(arguments);
        return argv;
    }

    /** Path of the agent's own Java, which a container may not have. */
    @NonNull
    public String getJava() {
        return java;
    }

    /** What follows the program. */
    @NonNull
    public List<String> getArguments() {
        return arguments;
    }

    /** To be added to that of the step or build; has the secrets, unless the launcher would show them. */
    @NonNull
    public Map<String, String> getEnvironment() {
        return environment;
    }

    /** What a shell does where there is no Java at all; empty if there is nothing that it could do. */
    @NonNull
    public String getWithoutJava() {
        return withoutJava;
    }

    /** On the agent, private, with the specification in it; to be deleted when the process has ended. */
    @NonNull
    public FilePath getDirectory() {
        return directory;
    }

    /** Secrets do not show. */
    @Override
    public String toString() {
        return "StageCommand" + getArgv() + environment.keySet();
    }
}
