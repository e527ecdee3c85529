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
import java.util.Set;
import java.util.TreeMap;

/**
 * The start of a stage on an agent: one process, which logs to its standard error, writes its result as one line of
 * JSON to its standard output and ends with 0 whenever it has a result. It contains secrets: do not keep it.
 */
public final class StageLauncher {
    /** The process is short: its start takes more time than its work. */
    static final List<String> OPTIONS = List.of(
            "-Xshare:auto",
            // An archive that does not suit the JVM is no fault, and standard output is the result.
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            // As bin/pymdeploy: the biggest test report fits, and the heap does not depend on the size of the agent.
            "-Xmx384m",
            // Without it, each answer of the proxy that adds a token to requests waits for 40 ms, for a delayed
            // acknowledgement.
            "-Dsun.net.httpserver.nodelay=true",
            "-Dfile.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8");

    /** The stages that load most of the core, of which the first one leaves an archive of its classes. */
    private static final Set<String> ARCHIVED = Set.of("plan", "build", "staging");

    private static final String NOTHING_KNOWN = "echo '{\"schema\":1,\"stage\":\"config\",\"outcome\":\"SUCCEEDED\"}'";

    private final String java;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final String withoutJava;
    private final String node;
    private final FilePath directory;

    StageLauncher(
            String java,
            List<String> arguments,
            Map<String, String> environment,
            String withoutJava,
            String node,
            FilePath directory) {
        this.java = java;
        this.arguments = List.copyOf(arguments);
        this.environment = Map.copyOf(environment);
        this.withoutJava = withoutJava;
        this.node = node;
        this.directory = directory;
    }

    /**
     * Looks up the credentials, brings the core to the agent and writes the specification beside the workspace.
     *
     * @param env of the step or build, which may contain secrets of an outer binding
     * @throws hudson.AbortException with one line: a credential is missing, the agent is not usable, ...
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
     * Prepares the clean-up of a stage; otherwise as {@link #prepare}.
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
        // It must not touch another build's deployment; of a lost one the agent knows enough.
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
        BuildOrigin origin = BuildOrigin.of(run, listener);
        boolean trusted = origin.isTrusted();
        StageOrder order = BuildLimits.limited(given, origin);
        Computer computer = workspace.toComputer();
        Node node = computer == null ? null : computer.getNode();
        if (node == null || computer.getChannel() == null) {
            throw new AbortException(Messages.StageLauncher_gone(workspace));
        }
        AgentFacts agent = computer.getChannel().call(new AgentFacts.Ask());
        if (!agent.isUnix()) {
            throw new AbortException(Messages.StageLauncher_notUnix(node.getDisplayName()));
        }
        // This comes first: a missing credential is reported before anything is copied.
        BoundSecrets secrets = StageSecrets.resolve(order, run, workspace, listener);
        FilePath temporary = WorkspaceList.tempDir(workspace);
        if (temporary == null) {
            throw new AbortException(Messages.StageLauncher_gone(workspace));
        }
        FilePath jars = EngineJars.get().place(node, temporary);
        // A stranger's build leaves nothing that other builds load; another launcher may have another Java.
        boolean archives = trusted && ARCHIVED.contains(order.getStage()) && SecretHandover.isDirect(launcher);
        List<String> archive =
                ClassArchives.get().options(node.getNodeName() + "\n" + agent.getJavaVersion(), jars, archives);
        FilePath parent = temporary.child("pymacaron");
        StageDirectories.get().deleteAbandoned(node.getNodeName(), parent);
        FilePath directory = StageDirectories.get().create(order, run, node.getNodeName(), parent);
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
                            parent.child("home").getRemote(),
                            wanted.getRemote(),
                            UnfinishedStages.get().unaccepted(node.getNodeName(), workspace, order),
                            secrets.getSecretNames()),
                    "UTF-8");
            Map<String, String> environment = new TreeMap<>(secrets.getEnvironment());
            if (trusted) {
                // With it, a process could make images and ids that count as this controller's own.
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
            if (order.mayLeave()) {
                UnfinishedStages.get()
                        .begun(UnfinishedStage.of(order, run, node.getNodeName(), workspace, directory, env));
            }
            List<String> arguments = new ArrayList<>(OPTIONS);
            arguments.addAll(archive);
            arguments.addAll(List.of(
                    "-cp",
                    EngineJars.get().classPath(jars),
                    Main.class.getName(),
                    "stage",
                    "--spec",
                    specification.getRemote()));
            complete = true;
            return new StageLauncher(
                    agent.getJava(), arguments, environment, withoutJava, node.getNodeName(), directory);
        } finally {
            if (!complete) {
                StageDirectories.get().delete(node.getNodeName(), directory.getRemote());
            }
        }
    }

    /** Returns program and arguments; they contain no secret. */
    @NonNull
    public List<String> getArgv() {
        List<String> argv = new ArrayList<>(List.of(java));
        argv.addAll(arguments);
        return argv;
    }

    /** Returns the path of the agent's own Java, which a container may lack. */
    @NonNull
    public String getJava() {
        return java;
    }

    /** Returns the arguments after the program. */
    @NonNull
    public List<String> getArguments() {
        return arguments;
    }

    /**
     * Returns the variables to add to those of the step or build; they contain the secrets, unless the launcher would
     * show them.
     */
    @NonNull
    public Map<String, String> getEnvironment() {
        return environment;
    }

    /** Returns the script for a place without any Java; empty if it could do nothing there. */
    @NonNull
    public String getWithoutJava() {
        return withoutJava;
    }

    /**
     * Returns the private directory on the agent, with the specification in it; see {@link #deleteDirectory}.
     */
    @NonNull
    public FilePath getDirectory() {
        return directory;
    }

    /** Deletes the directory: the process has ended, or was never started, and its result was read. */
    public void deleteDirectory() throws IOException, InterruptedException {
        StageDirectories.get().delete(node, directory.getRemote());
    }

    /** Hides secrets. */
    @Override
    public String toString() {
        return "StageCommand" + getArgv() + environment.keySet();
    }
}
