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
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
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
 * A stage that was started to change something, and has not reported its end; or has reported that it leaves something
 * that only the next stage completes. It names its place and its inputs, so that it can be undone without its build. It
 * contains no secret. Stored by XStream; immutable.
 */
public final class UnfinishedStage {
    /** The variables that may select the Docker Engine, account or cluster of a stage; others may be secret. */
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

    /** The limit of text from an agent on a page. */
    private static final int MOST_LINES = 10;

    private static final int LONGEST_LINE = 300;

    private String build;
    /** The ids of {@link PymacaronRun} and {@link JobIds}; empty in the data of an earlier version. */
    private String buildId;

    private String jobId;
    private final StageOrder order;
    private final String run;
    private final String node;
    private final String workspace;
    /** The directory of its process; empty in the data of an earlier version. */
    private String directory;
    /** Its build has ended, or has given it up, while the stage could not be told. */
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

    /** Sets the fields that an earlier version of this class did not know. */
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

    /** Makes the record. @param directory of its process */
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
        // These are the environments in which the change has to be undone.
        PymacaronRun.find(run).flatMap(all -> all.find(order.getDirectory())).ifPresent(service -> {
            begun.environments.addAll(service.getLiveEnvironments());
            begun.environments.add(service.getStagingEnvironment());
            begun.environments.removeIf(String::isEmpty);
        });
        return begun;
    }

    /** Returns the record of a stage that goes on with what an earlier stage has left. */
    UnfinishedStage after(UnfinishedStage earlier) {
        UnfinishedStage copy = copy();
        copy.leaves = earlier.leaves;
        copy.environments = new ArrayList<>(earlier.environments);
        environments.stream().filter(e -> !copy.environments.contains(e)).forEach(copy.environments::add);
        return copy;
    }

    /** Returns the record after its end, with nothing half-made: it may have changed nothing at all. */
    UnfinishedStage ended() {
        UnfinishedStage copy = copy();
        copy.ended = true;
        return copy;
    }

    /** Returns the record after the result of that stage, or of a later one which changes less. */
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

    /** Returns whether it is of this very build, and not of another one that was given its name and number. */
    public boolean isOf(@NonNull Run<?, ?> run) {
        return buildId.equals(PymacaronRun.knownIdOf(run).orElse("none"))
                && (!buildId.isEmpty() || build.equals(run.getExternalizableId()));
    }

    boolean isOf(Run<?, ?> run, String directory) {
        return order.getDirectory().equals(directory) && isOf(run);
    }

    /** Returns whether it is of a build of this very job, and not of one that was given its name. */
    public boolean isOf(@NonNull Job<?, ?> job) {
        return build.startsWith(job.getFullName() + "#")
                && (jobId.isEmpty() || jobId.equals(JobIds.find(job).orElse("")));
    }

    /** Returns the externalizable id of its build, which another build may have by now. */
    @NonNull
    public String getBuild() {
        return build;
    }

    @NonNull
    public StageOrder getOrder() {
        return order;
    }

    /** Returns the name of the agent; empty for the built-in node. */
    @NonNull
    public String getNode() {
        return node;
    }

    /** Returns the name of its agent for people. */
    @NonNull
    String getAgent() {
        return node.isEmpty() ? Messages.UnfinishedStage_builtIn() : node;
    }

    /** Returns its path on the agent. */
    @NonNull
    public String getWorkspace() {
        return workspace;
    }

    /** Returns the path of its process's directory on the agent; empty if it is not known. */
    @NonNull
    public String getDirectory() {
        return directory;
    }

    /** Returns whether its build goes on, and has not given it up. */
    public boolean isWanted() {
        return !unwanted && findBuild().filter(Run::isBuilding).isPresent();
    }

    /** Returns the build itself, and none of another job or home with its name and number. */
    @NonNull
    public Optional<Run<?, ?>> findBuild() {
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            return Optional.<Run<?, ?>>ofNullable(Run.fromExternalizableId(build))
                    .filter(this::isOf);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the variables of the build that selected the place of the stage. */
    @NonNull
    public Map<String, String> getEnvironment() {
        return Map.copyOf(environment);
    }

    /** Returns why it could not be undone yet, one line; empty if it was not tried. */
    @NonNull
    public String getProblem() {
        return problem;
    }

    /** Returns when the first attempt to undo it failed; empty if there was none. */
    @NonNull
    public Optional<Instant> getTried() {
        return tried == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(tried));
    }

    /** Returns whether its end is not known; otherwise there is only {@link #getLeaves}. */
    public boolean isCutOff() {
        return !ended;
    }

    /** Returns its name as {@link StageSpec#acceptance}, if it is an acceptance that was cut off. */
    Optional<String> acceptance() {
        return isCutOff() && order.isJudging() && run != null
                ? Optional.of(StageSpec.acceptance(run, order.getStage()))
                : Optional.empty();
    }

    /** Returns what must not stay if its build ends before the next stage, a line each. */
    @NonNull
    public List<String> getLeaves() {
        return List.copyOf(leaves);
    }

    /** Returns the environments of that. */
    @NonNull
    public List<String> getEnvironments() {
        return List.copyOf(environments);
    }

    /** Returns the id that the stages of the deployment share, on the agent too; null if it was not recorded. */
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
