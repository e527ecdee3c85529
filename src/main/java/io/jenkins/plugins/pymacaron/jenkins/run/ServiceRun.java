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

/** The record of one service in one build. Change it through {@link PymacaronRun} only, which saves it. */
@ExportedBean(defaultVisibility = 3)
public final class ServiceRun {
    private String directory;
    private volatile String service = "";
    private volatile String commit = "";
    private volatile String branch = "";
    private volatile String author = "";
    private volatile String outcome = "";
    /** The state that the stages hand on to each other: an object of string maps. */
    private volatile String stateJson = "{}";

    private volatile String stagingEnvironment = "";
    private List<String> liveEnvironments = new CopyOnWriteArrayList<>();

    @CheckForNull
    private volatile ImageRecord image;

    private List<StageRecord> stages = new CopyOnWriteArrayList<>();
    /** The changes that its preflight planned. */
    private List<String> plan = new CopyOnWriteArrayList<>();

    /** Makes the record. @param directory relative to the workspace, "." for the whole of it */
    public ServiceRun(@NonNull String directory) {
        this.directory = directory;
    }

    /** Sets the fields that an earlier version of this class did not know, or that were removed from the file. */
    private Object readResolve() {
        directory = Util.fixNull(directory, ".");
        service = Util.fixNull(service);
        commit = Util.fixNull(commit);
        branch = Util.fixNull(branch);
        author = Util.fixNull(author);
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

    /** Sets the names, once they are known; an empty value keeps the old one. */
    public ServiceRun named(@NonNull String service, @NonNull String commit, @NonNull String branch) {
        this.service = service.isEmpty() ? this.service : service;
        this.commit = commit.isEmpty() ? this.commit : commit;
        this.branch = branch.isEmpty() ? this.branch : branch;
        return this;
    }

    /** Sets the author of the commit; an empty name changes nothing. */
    public ServiceRun writtenBy(@NonNull String name) {
        author = name.isEmpty() ? author : name;
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

    /** Sets the plan. @param lines in their order; an empty list keeps the old plan */
    public ServiceRun planned(@NonNull List<String> lines) {
        if (!lines.isEmpty()) {
            plan = new CopyOnWriteArrayList<>(lines);
        }
        return this;
    }

    /** Returns the changes that the build planned, a line each, before it began; empty if no plan was asked for. */
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

    /** Returns the name in pym-config.yaml; empty until a stage has read it. */
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

    /** Returns the name of the author of the commit; empty if it is not known. */
    @Exported
    public String getAuthor() {
        return author;
    }

    /** Returns the outcome of its last stage; empty before the first has ended. */
    @Exported
    public String getOutcome() {
        return outcome;
    }

    public String getStateJson() {
        return stateJson;
    }

    /** Returns a name such as {@code docker/hello/staging}; empty until a stage has reported it. */
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

    /** Returns the stages in the order in which they ended. */
    @Exported
    public List<StageRecord> getStages() {
        return Collections.unmodifiableList(stages);
    }

    /** Returns the last of the stages with this key. */
    public Optional<StageRecord> last(@NonNull String stage) {
        return stages.stream().filter(s -> s.getStage().equals(stage)).reduce((earlier, later) -> later);
    }
}
