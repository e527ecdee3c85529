package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One ended stage of one service in one build. It is filled before it is recorded, and not changed afterwards. */
@ExportedBean(defaultVisibility = 4)
public final class StageRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    private String stage;
    private String title;

    @CheckForNull
    private final String nodeId;

    private String outcome = "SUCCEEDED";
    private String message = "";
    private long started;
    private long durationMillis;
    private int passed;
    private int failed;
    private int errors;
    private int skipped;
    private String url = "";
    private String node = "";
    private String reason = "";

    @CheckForNull
    private String reportFile;

    /** A list that XStream can read back. */
    private ArrayList<DeploymentRecord> deployments = new ArrayList<>();
    /** By the identity of the environment; of types that XStream can read back. */
    private TreeMap<String, ArrayList<String>> kept = new TreeMap<>();

    /**
     * Makes the record.
     *
     * @param stage key, such as {@code accept-staging}
     * @param title for users
     * @param nodeId of the step in its Pipeline; null in other builds
     */
    public StageRecord(@NonNull String stage, @NonNull String title, @CheckForNull String nodeId) {
        this.stage = stage;
        this.title = title;
        this.nodeId = nodeId;
    }

    /**
     * Sets the end.
     *
     * @param outcome as a stage's result names it, {@code SUCCEEDED} and so on;
     * @param message one line or empty
     */
    public StageRecord ended(@NonNull String outcome, @NonNull String message) {
        this.outcome = outcome;
        this.message = message;
        return this;
    }

    public StageRecord took(long startedEpochMillis, long millis) {
        started = startedEpochMillis;
        durationMillis = millis;
        return this;
    }

    public StageRecord counted(int passed, int failed, int errors, int skipped) {
        this.passed = passed;
        this.failed = failed;
        this.errors = errors;
        this.skipped = skipped;
        return this;
    }

    public StageRecord at(@NonNull String url) {
        this.url = url;
        return this;
    }

    /** Sets the agent. @param agent as Jenkins names it; empty where it is not known */
    public StageRecord on(@NonNull String agent) {
        node = agent;
        return this;
    }

    /** Sets the reason. @param given why an earlier version is brought back; null or empty if none was given */
    public StageRecord because(@CheckForNull String given) {
        reason = ReasonTexts.line(given);
        return this;
    }

    /**
     * Sets the report.
     *
     * @param file in the build's directory: JSON with the {@code report} and the {@code log} of the stage
     */
    public StageRecord reported(@CheckForNull String file) {
        reportFile = file;
        return this;
    }

    public StageRecord deployed(@NonNull Collection<DeploymentRecord> now) {
        deployments.addAll(now);
        return this;
    }

    /**
     * Sets the kept versions.
     *
     * @param versions that each environment of live can return to without a build, by its identity
     */
    public StageRecord keeping(@NonNull Map<String, List<String>> versions) {
        versions.forEach((environment, all) -> kept.put(environment, new ArrayList<>(all)));
        return this;
    }

    /** Sets the fields that an earlier version of this class did not know, or that were removed from the file. */
    private Object readResolve() {
        stage = Util.fixNull(stage);
        title = Util.fixNull(title, stage);
        outcome = Util.fixNull(outcome);
        message = Util.fixNull(message);
        url = Util.fixNull(url);
        node = Util.fixNull(node);
        reason = ReasonTexts.line(reason);
        deployments = new ArrayList<>(Util.fixNull(deployments));
        deployments.removeIf(Objects::isNull);
        kept = kept == null ? new TreeMap<>() : kept;
        return this;
    }

    @Exported
    public String getStage() {
        return stage;
    }

    @Exported
    public String getTitle() {
        return title;
    }

    @CheckForNull
    @Exported
    public String getNodeId() {
        return nodeId;
    }

    @Exported
    public String getOutcome() {
        return outcome;
    }

    /** Returns the reason of its failure, or its result; one line or empty. */
    @Exported
    public String getMessage() {
        return message;
    }

    /** Returns milliseconds since the epoch. */
    @Exported
    public long getStarted() {
        return started;
    }

    @Exported
    public long getDurationMillis() {
        return durationMillis;
    }

    @Exported
    public int getPassed() {
        return passed;
    }

    @Exported
    public int getFailed() {
        return failed;
    }

    @Exported
    public int getErrors() {
        return errors;
    }

    @Exported
    public int getSkipped() {
        return skipped;
    }

    public int getTotal() {
        return passed + failed + errors + skipped;
    }

    /** Returns the URL of the deployed or accepted service; empty if none. */
    @Exported
    public String getUrl() {
        return url;
    }

    /** Returns the agent that ran it; empty where it is not known. */
    public String getNode() {
        return node;
    }

    /** Returns the reason of a rollback: one line of plain text; empty if none was given. */
    @NonNull
    @Exported
    public String getReason() {
        return reason;
    }

    @CheckForNull
    public String getReportFile() {
        return reportFile;
    }

    @Exported
    public List<DeploymentRecord> getDeployments() {
        return Collections.unmodifiableList(deployments);
    }

    /** Returns the versions given to {@link #keeping}; empty where they are not known. */
    @NonNull
    public Map<String, List<String>> getKept() {
        return Collections.unmodifiableMap(kept);
    }
}
