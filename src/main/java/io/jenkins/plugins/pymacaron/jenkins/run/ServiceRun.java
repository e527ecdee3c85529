package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What one build has done with one service. Changed through {@link PymacaronRun} only, which saves it. */
@ExportedBean(defaultVisibility = 3)
public final class ServiceRun {
    private String directory;
    private volatile String service = "";
    private volatile String commit = "";
    private volatile String branch = "";
    private volatile String outcome = "";
    /** What the stages hand on to each other: an object of string maps. */
    private volatile String stateJson = "{}";

    private volatile String stagingEnvironment = "";
    private List<String> liveEnvironments = new CopyOnWriteArrayList<>();

    @CheckForNull
    private volatile ImageRecord image;

    private List<StageRecord> stages = new CopyOnWriteArrayList<>();
    /** What its preflight said that it would change. */
    private List<String> plan = new CopyOnWriteArrayList<>();

    /** @param directory relative to the workspace, "." for the whole of it */
    public ServiceRun(@NonNull String directory) {
        this.directory = directory;
    }

    /** What an earlier version of this class did not know yet, and what somebody has taken out of the file. */
    private Object readResolve() {
        directory = Util.fixNull(directory, ".");
        service = Util.fixNull(service);
        commit = Util.fixNull(commit);
        branch = Util.fixNull(branch);
        outcome = Util.fixNull(outcome);
        stateJson = Util.fixNull(stateJson, "{}");
        stagingEnvironment = Util.fixNull(stagingEnvironment);
        liveEnvironments = liveEnvironments == null ? new CopyOnWriteArrayList<>() : liveEnvironments;
        stages = stages == null ? new CopyOnWriteArrayList<>() : stages;
        liveEnvironments.removeIf(Objects::isNull);
        stages.removeIf(Objects::isNull);
        plan = plan == null ? new CopyOnWriteArrayList<>() : plan;
        plan.removeIf(Objects::isNull);
        return this;
    }

    /** Names it, once they are known; an empty value leaves what is there. */
    public ServiceRun named(@NonNull String service, @NonNull String commit, @NonNull String branch) {
        this.service = service.isEmpty() ? this.service : service;
        this.commit = commit.isEmpty() ? this.commit : commit;
        this.branch = branch.isEmpty() ? this.branch : branch;
        return this;
    }

    public ServiceRun serving(@NonNull String staging, @NonNull Collection<String> live) {
        if (!staging.isEmpty()) {
            stagingEnvironment = staging;
        }
        if (!live.isEmpty()) {
            liveEnvironments.retainAll(live);
            live.stream().filter(l -> !liveEnvironments.contains(l)).forEach(liveEnvironments::add);
        }
        return this;
    }

    public ServiceRun with(@CheckForNull ImageRecord made) {
        image = made == null ? image : made;
        return this;
    }

    /** @param lines in their order; none of them leave what is there */
    public ServiceRun planned(@NonNull List<String> lines) {
        if (!lines.isEmpty()) {
            plan = new CopyOnWriteArrayList<>(lines);
        }
        return this;
    }

    /** What the build said that it would change, a line each, before it began; empty if nobody asked. */
    @NonNull
    @Exported
    public List<String> getPlan() {
        return Collections.unmodifiableList(plan);
    }

    public ServiceRun add(@NonNull StageRecord stage) {
        stages.add(stage);
        outcome = stage.getOutcome();
        return this;
    }

    public ServiceRun continuing(@NonNull String state) {
        stateJson = state;
        return this;
    }

    @Exported
    public String getDirectory() {
        return directory;
    }

    /** As pym-config.yaml names it; empty until a stage has read it. */
    @Exported
    public String getService() {
        return service;
    }

    @Exported
    public String getCommit() {
        return commit;
    }

    @Exported
    public String getBranch() {
        return branch;
    }

    /** Of its last stage; empty before the first has ended. */
    @Exported
    public String getOutcome() {
        return outcome;
    }

    public String getStateJson() {
        return stateJson;
    }

    /** Such as {@code docker/hello/staging}; empty until a stage has told. */
    @Exported
    public String getStagingEnvironment() {
        return stagingEnvironment;
    }

    @Exported
    public List<String> getLiveEnvironments() {
        return Collections.unmodifiableList(new ArrayList<>(liveEnvironments));
    }

    @CheckForNull
    @Exported
    public ImageRecord getImage() {
        return image;
    }

    /** In the order in which they ended. */
    @Exported
    public List<StageRecord> getStages() {
        return Collections.unmodifiableList(stages);
    }

    /** The last of the stages with this key. */
    public Optional<StageRecord> last(@NonNull String stage) {
        return stages.stream().filter(s -> s.getStage().equals(stage)).reduce((earlier, later) -> later);
    }
}
