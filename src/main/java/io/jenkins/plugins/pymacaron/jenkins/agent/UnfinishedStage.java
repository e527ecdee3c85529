package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A stage that was started to change something, and has not said how it ended: where it ran, and with what, so that what
 * it has left can be undone without its build. Holds no secret. Stored by XStream; immutable.
 */
public final class UnfinishedStage {
    /** Which engine, account or cluster a stage talks to may depend on these; others may be secret. */
    private static final Set<String> KEPT = Set.of(
            "AWS_CONFIG_FILE",
            "AWS_DEFAULT_REGION",
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_SHARED_CREDENTIALS_FILE",
            "DOCKER_CERT_PATH",
            "DOCKER_CONFIG",
            "DOCKER_CONTEXT",
            "DOCKER_HOST",
            "DOCKER_TLS_VERIFY",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_CLOUD_PROJECT",
            "HOME",
            "KUBECONFIG",
            "PATH",
            "XDG_STATE_HOME");

    private static final String ENDPOINTS = "AWS_ENDPOINT_URL";

    private final String build;
    private final StageOrder order;
    private final String node;
    private final String workspace;
    private final TreeMap<String, String> environment;
    private final String problem;
    /** Milliseconds since the epoch. */
    private final long since;

    private UnfinishedStage(
            String build,
            StageOrder order,
            String node,
            String workspace,
            Map<String, String> environment,
            String problem,
            long since) {
        this.build = build;
        this.order = order;
        this.node = node;
        this.workspace = workspace;
        this.environment = new TreeMap<>(environment);
        this.problem = problem;
        this.since = since;
    }

    static UnfinishedStage of(StageOrder order, Run<?, ?> run, String node, FilePath workspace, EnvVars env) {
        Map<String, String> kept = new TreeMap<>(env);
        kept.keySet().removeIf(name -> !KEPT.contains(name) && !name.startsWith(ENDPOINTS));
        return new UnfinishedStage(
                run.getExternalizableId(), order, node, workspace.getRemote(), kept, "", System.currentTimeMillis());
    }

    UnfinishedStage withProblem(String line) {
        return new UnfinishedStage(build, order, node, workspace, environment, line, since);
    }

    UnfinishedStage renamed(String oldJob, String newJob) {
        boolean inside = build.startsWith(oldJob + "#") || build.startsWith(oldJob + "/");
        return inside
                ? new UnfinishedStage(
                        newJob + build.substring(oldJob.length()), order, node, workspace, environment, problem, since)
                : this;
    }

    boolean isOf(String ofBuild, String directory) {
        return build.equals(ofBuild) && order.getDirectory().equals(directory);
    }

    /** Its externalizable id. */
    @NonNull
    public String getBuild() {
        return build;
    }

    @NonNull
    public StageOrder getOrder() {
        return order;
    }

    /** The name of the agent; empty for the built-in node. */
    @NonNull
    public String getNode() {
        return node;
    }

    /** Its path on the agent. */
    @NonNull
    public String getWorkspace() {
        return workspace;
    }

    /** Those variables of the build that say what the stage talked to. */
    @NonNull
    public Map<String, String> getEnvironment() {
        return Map.copyOf(environment);
    }

    /** Why it could not be undone yet, one line; empty if nobody has tried. */
    @NonNull
    public String getProblem() {
        return problem;
    }

    /** When it was started. */
    @NonNull
    public Instant getSince() {
        return Instant.ofEpochMilli(since);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof UnfinishedStage other && other.isOf(build, order.getDirectory());
    }

    @Override
    public int hashCode() {
        return Objects.hash(build, order.getDirectory());
    }

    @Override
    public String toString() {
        return order.getTitle() + " of " + build + " in " + workspace + " on "
                + (node.isEmpty() ? "the built-in node" : node);
    }
}
