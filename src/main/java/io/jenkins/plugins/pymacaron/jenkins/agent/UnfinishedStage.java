package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.pymacaron.jenkins.run.JobIds;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A stage that was started to change something, and has not said how it ended; or has said that it leaves what only the
 * next one makes good. Tells where it ran, and with what, so that it can be undone without its build. Holds no secret.
 * Stored by XStream; immutable.
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

    /** What an agent may make a page say. */
    private static final int MOST_LINES = 10;

    private static final int LONGEST_LINE = 300;

    private String build;
    /** Those of {@link PymacaronRun} and {@link JobIds}; empty in what an earlier version has written. */
    private String buildId;

    private String jobId;
    private final StageOrder order;
    private final String run;
    private final String node;
    private final String workspace;
    /** Of its process; empty in what an earlier version has written. */
    private String directory;
    /** Its build has ended, or has given it up, while nobody could tell it. */
    private boolean unwanted;

    private final TreeMap<String, String> environment;
    private boolean ended;
    private ArrayList<String> leaves = new ArrayList<>();
    private ArrayList<String> environments = new ArrayList<>();
    private String problem = "";
    /** Milliseconds since the epoch; 0 for never. */
    private long tried;

    private UnfinishedStage(
            String build,
            String buildId,
            String jobId,
            StageOrder order,
            String run,
            String node,
            String workspace,
            String directory,
            Map<String, String> environment) {
        this.build = build;
        this.buildId = buildId;
        this.jobId = jobId;
        this.order = order;
        this.run = run;
        this.node = node;
        this.workspace = workspace;
        this.directory = directory;
        this.environment = new TreeMap<>(environment);
    }

    /** What an earlier version of this class did not know yet. */
    private Object readResolve() {
        buildId = Util.fixNull(buildId);
        jobId = Util.fixNull(jobId);
        directory = Util.fixNull(directory);
        leaves = leaves == null ? new ArrayList<>() : leaves;
        environments = environments == null ? new ArrayList<>() : environments;
        problem = Util.fixNull(problem);
        return this;
    }

    private UnfinishedStage copy() {
        UnfinishedStage copy =
                new UnfinishedStage(build, buildId, jobId, order, run, node, workspace, directory, environment);
        copy.ended = ended;
        copy.unwanted = unwanted;
        copy.leaves = leaves;
        copy.environments = environments;
        copy.problem = problem;
        copy.tried = tried;
        return copy;
    }

    /** @param directory of its process */
    static UnfinishedStage of(
            StageOrder order, Run<?, ?> run, String node, FilePath workspace, FilePath directory, EnvVars env)
            throws IOException {
        Map<String, String> kept = new TreeMap<>(env);
        kept.keySet().removeIf(name -> !KEPT.contains(name) && !name.startsWith(ENDPOINTS));
        UnfinishedStage begun = new UnfinishedStage(
                run.getExternalizableId(),
                PymacaronRun.idOf(run),
                JobIds.of(run.getParent()),
                order,
                RunIds.of(run, order.getDirectory()),
                node,
                workspace.getRemote(),
                directory.getRemote(),
                kept);
        // Who deploys there has to come to terms with it.
        PymacaronRun.find(run).flatMap(all -> all.find(order.getDirectory())).ifPresent(service -> {
            begun.environments.addAll(service.getLiveEnvironments());
            begun.environments.add(service.getStagingEnvironment());
            begun.environments.removeIf(String::isEmpty);
        });
        return begun;
    }

    /** It goes on with what an earlier stage has left. */
    UnfinishedStage after(UnfinishedStage earlier) {
        UnfinishedStage copy = copy();
        copy.leaves = earlier.leaves;
        copy.environments = new ArrayList<>(earlier.environments);
        environments.stream().filter(e -> !copy.environments.contains(e)).forEach(copy.environments::add);
        return copy;
    }

    /** It has come to its end, and nothing is half-made: it may have changed nothing at all. */
    UnfinishedStage ended() {
        UnfinishedStage copy = copy();
        copy.ended = true;
        return copy;
    }

    /** What a stage came to: that, or a later one which changes less. */
    UnfinishedStage leaving(StageResult result) {
        UnfinishedStage copy = ended();
        copy.leaves = new ArrayList<>();
        result.leaves().stream()
                .limit(MOST_LINES)
                .map(StageResultParser::line)
                .map(line -> line.substring(0, Math.min(line.length(), LONGEST_LINE)))
                .forEach(copy.leaves::add);
        copy.environments = new ArrayList<>(result.environments().liveIds());
        copy.environments.add(result.environments().stagingId());
        return copy;
    }

    UnfinishedStage unwanted() {
        UnfinishedStage copy = copy();
        copy.unwanted = true;
        return copy;
    }

    UnfinishedStage withProblem(String line) {
        UnfinishedStage copy = copy();
        copy.problem = line;
        copy.tried = tried == 0 ? System.currentTimeMillis() : tried;
        return copy;
    }

    UnfinishedStage renamed(String oldJob, String newJob) {
        boolean inside = build.startsWith(oldJob + "#") || build.startsWith(oldJob + "/");
        UnfinishedStage copy = copy();
        copy.build = inside ? newJob + build.substring(oldJob.length()) : build;
        return copy;
    }

    /** Whether it is of this very build, and not of another one that was given its name and number. */
    public boolean isOf(@NonNull Run<?, ?> run) {
        return buildId.equals(PymacaronRun.knownIdOf(run).orElse("none"))
                && (!buildId.isEmpty() || build.equals(run.getExternalizableId()));
    }

    boolean isOf(Run<?, ?> run, String directory) {
        return order.getDirectory().equals(directory) && isOf(run);
    }

    /** Whether it is of a build of this very job, and not of one that was given its name. */
    public boolean isOf(@NonNull Job<?, ?> job) {
        return build.startsWith(job.getFullName() + "#")
                && (jobId.isEmpty() || jobId.equals(JobIds.find(job).orElse("")));
    }

    /** The externalizable id of its build, which another build may have by now. */
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

    /** The agent that it runs on, as people call it. */
    @NonNull
    String getAgent() {
        return node.isEmpty() ? Messages.UnfinishedStage_builtIn() : node;
    }

    /** Its path on the agent. */
    @NonNull
    public String getWorkspace() {
        return workspace;
    }

    /** Path of its process's directory on the agent; empty if that is not known. */
    @NonNull
    public String getDirectory() {
        return directory;
    }

    /** Whether its build goes on, and has not given it up. */
    public boolean isWanted() {
        return !unwanted && findBuild().filter(Run::isBuilding).isPresent();
    }

    /** The build itself: one of another job or home that has its name and number is none. */
    @NonNull
    public Optional<Run<?, ?>> findBuild() {
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            return Optional.<Run<?, ?>>ofNullable(Run.fromExternalizableId(build))
                    .filter(this::isOf);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
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

    /** When somebody first tried to undo it, and could not; empty if nobody has. */
    @NonNull
    public Optional<Instant> getTried() {
        return tried == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(tried));
    }

    /** Whether nobody knows how it ended; otherwise there is only what {@link #getLeaves} says. */
    public boolean isCutOff() {
        return !ended;
    }

    /** What must not stay if its build ends before the next stage, a line each. */
    @NonNull
    public List<String> getLeaves() {
        return List.copyOf(leaves);
    }

    /** Where that is. */
    @NonNull
    public List<String> getEnvironments() {
        return List.copyOf(environments);
    }

    /** What the stages of the deployment have in common, on the agent too; null if that was not written down. */
    @CheckForNull
    String getRun() {
        return run;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof UnfinishedStage other
                && other.build.equals(build)
                && other.buildId.equals(buildId)
                && other.order.getDirectory().equals(order.getDirectory());
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
