package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.InvisibleAction;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jenkins.model.ParameterizedJobMixIn;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * Marks a build that only rolls back: {@code pymacaronDeploy} and the freestyle builder look for it. The build runs the
 * job's own pipeline, so that it finds the same agent and the same credentials.
 */
@ExportedBean(defaultVisibility = 2)
public final class RollbackRequest extends InvisibleAction implements Queue.QueueAction {
    private final String directory;
    private final String environment;
    private final String version;
    private final String user;
    /** False in a request that an earlier version has scheduled. */
    private final boolean again;
    /** Null in a request that an earlier version has scheduled. */
    private final String reason;

    /**
     * Makes a request for a kept version, which serves again at once.
     *
     * @param directory of the service, relative to the workspace, "." for the whole of it
     * @param environment such as {@code docker/hello/live}
     * @param version to roll back to; empty for the one that served before
     * @param user who asked for it, as shown
     */
    public RollbackRequest(
            @NonNull String directory, @NonNull String environment, @NonNull String version, @NonNull String user) {
        this(directory, environment, version, user, false, "");
    }

    /**
     * Makes a request.
     *
     * @param again whether the version is not kept, and so is deployed again, from the image in the registry
     * @param reason as given; empty if none was
     */
    public RollbackRequest(
            @NonNull String directory,
            @NonNull String environment,
            @NonNull String version,
            @NonNull String user,
            boolean again,
            @NonNull String reason) {
        this.directory = directory;
        this.environment = environment;
        this.version = version;
        this.user = user;
        this.again = again;
        this.reason = ReasonTexts.line(reason);
    }

    public static Optional<RollbackRequest> of(@NonNull Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(RollbackRequest.class));
    }

    /**
     * Schedules a build that rolls back, with the job's default parameters and the current user as its cause. The caller
     * has checked the permission.
     *
     * @return null if the job cannot be built now
     */
    @CheckForNull
    public Queue.Item schedule(@NonNull Job<?, ?> job) {
        return ParameterizedJobMixIn.scheduleBuild2(
                job, 0, new CauseAction(new Cause.UserIdCause(), new RollbackCause(this)), this);
    }

    @Exported
    public String getDirectory() {
        return directory;
    }

    @Exported
    public String getEnvironment() {
        return environment;
    }

    @Exported
    public String getVersion() {
        return version;
    }

    /**
     * Returns whether the version is deployed again, through staging and all acceptance tests, rather than brought
     * back.
     */
    @Exported
    public boolean isAgain() {
        return again;
    }

    /** Returns the reason, in one line of plain text; empty if none was given. */
    @NonNull
    @Exported
    public String getReason() {
        return ReasonTexts.line(reason);
    }

    @Exported
    public String getUser() {
        return user;
    }

    /** Returns whether to schedule it: an ordinary build that waits is not the same, nor the other way round. */
    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return actions.stream().noneMatch(this::isSame);
    }

    private boolean isSame(Action other) {
        return other instanceof RollbackRequest r
                && r.directory.equals(directory)
                && r.environment.equals(environment)
                && Objects.equals(r.version, version);
    }
}
