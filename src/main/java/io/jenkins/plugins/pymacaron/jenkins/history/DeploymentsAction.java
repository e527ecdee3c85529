package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.Permission;
import hudson.security.PermissionScope;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersions;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.CommitLink;
import io.jenkins.plugins.pymacaron.jenkins.run.OrderedBuild;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kohsuke.stapler.HttpRedirect;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The page of the versions that serve, with their times and users, the versions before, and the possible rollbacks. */
@ExportedBean
public final class DeploymentsAction implements Action {
    /** The permission to roll live back, and to pause deployments. */
    public static final Permission ROLLBACK = new Permission(
            Item.PERMISSIONS,
            "PymacaronRollback",
            Messages._DeploymentsAction_rollbackPermission(),
            Item.BUILD,
            PermissionScope.ITEM);

    /** The limit of a pause that ends by itself. */
    private static final int MOST_HOURS = 999;

    private final Job<?, ?> job;

    /** Makes the permission known: Jenkins reads the grants next, and drops grants of unknown permissions. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void knowPermission() {
        ROLLBACK.getId();
    }

    DeploymentsAction(Job<?, ?> job) {
        this.job = job;
    }

    @NonNull
    public Job<?, ?> getJob() {
        return job;
    }

    @Override
    public String getIconFileName() {
        return "symbol-rocket-outline plugin-ionicons-api";
    }

    @Override
    public String getDisplayName() {
        return Messages.DeploymentsAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "deployments";
    }

    @Exported
    public List<EnvironmentView> getEnvironments() throws IOException {
        List<EnvironmentView> views = new ArrayList<>();
        DeploymentHistory history = DeploymentHistory.of(job);
        Map<String, List<DeploymentEntry>> all = history.byEnvironment();
        ServingEnvironments serving = ServingEnvironments.get();
        if (all.isEmpty()) {
            // The job was made anew: versions that a job of its name has deployed still serve.
            serving.by(job).forEach(id -> all.put(id, List.of()));
        }
        List<AcceptanceEntry> acceptances = history.acceptances();
        for (Map.Entry<String, List<DeploymentEntry>> e : all.entrySet()) {
            String id = e.getKey();
            String name = EnvironmentNames.shown(id);
            boolean twice = all.keySet().stream()
                            .filter(other -> EnvironmentNames.shown(other).equals(name))
                            .count()
                    > 1;
            EnvironmentView shown = new EnvironmentView(
                    id,
                    twice ? EnvironmentNames.full(id) : name,
                    job,
                    e.getValue(),
                    acceptances,
                    serving.find(id, job),
                    PausedEnvironments.get().find(id, job),
                    EnvironmentQueue.get().holder(id).orElse(""),
                    KeptVersions.get().until(id).map(Date::from).orElse(null));
            views.add(shown.singleSteps(isOfSingleSteps(e.getValue())));
        }
        views.forEach(view -> {
            view.refused(!view.isLive() && serving.isRefused(view.getCurrent(), job));
            view.among(views);
        });
        return views;
    }

    /**
     * Returns whether the newest of these deployments is that of a Pipeline of single steps. While its build is not
     * kept, this is not known.
     */
    private boolean isOfSingleSteps(List<DeploymentEntry> entries) {
        return entries.stream()
                .findFirst()
                .flatMap(last -> Optional.<Run<?, ?>>ofNullable(build(last)))
                .filter(run -> !OrderedBuild.obeysRequests(run))
                .isPresent();
    }

    /**
     * Returns whether buttons have an effect: an environment that the job has not deployed to is not its own to change.
     */
    public boolean mayChange(@NonNull EnvironmentView view) {
        return isMayRollBack() && !view.isHistoryNew();
    }

    /** Returns what builds of this job have left half-made. It is undone as soon as possible. */
    @Exported
    public List<UnfinishedView> getUnfinished() {
        return UnfinishedStages.get().all().stream()
                .flatMap(stage -> UnfinishedView.of(stage, job).stream())
                .toList();
    }

    /** Returns the build of an entry, while it is kept. */
    @CheckForNull
    public Run<?, ?> build(DeploymentEntry entry) {
        Run<?, ?> run = job.getBuildByNumber(entry.build());
        return run != null && entry.isOf(run) ? run : null;
    }

    /** Returns the filters of the history, for the page. */
    @NonNull
    public ListBoxModel getChoices() {
        ListBoxModel choices = new ListBoxModel();
        choices.add(Messages.DeploymentsAction_showAll(), "");
        choices.add(Messages.DeploymentsAction_showAccepted(), "accepted");
        choices.add(Messages.DeploymentsAction_showFailed(), "failed");
        choices.add(Messages.DeploymentsAction_showBack(), "back");
        return choices;
    }

    /** Returns whether the page leaves something out. */
    public boolean isFiltered(@CheckForNull String show, @CheckForNull String search) {
        return !Util.fixNull(show).isEmpty() || !Util.fixNull(search).isBlank();
    }

    /** Returns the query that the links between the pages of a history keep; it ends with the separator for more. */
    @NonNull
    public String query(@CheckForNull String show, @CheckForNull String search) {
        return isFiltered(show, search)
                ? "show=" + Util.rawEncode(Util.fixNull(show)) + "&search=" + Util.rawEncode(Util.fixNull(search)) + "&"
                : "";
    }

    /** Returns the commit of an entry with its page in the SCM's browser. */
    @NonNull
    public CommitLink commit(@NonNull DeploymentEntry entry) {
        Run<?, ?> run = build(entry);
        return run == null ? CommitLink.of(job, entry.commit()) : CommitLink.of(run, entry.commit());
    }

    public boolean isMayRollBack() {
        return job.hasPermission(ROLLBACK);
    }

    /**
     * Returns the changes from one version to another, for the page that compares them; null if one was never deployed.
     */
    @CheckForNull
    public CommitDifferences getChanges(@CheckForNull String from, @CheckForNull String to) throws IOException {
        return CommitDifferences.between(job, DeploymentHistory.of(job).entries(), Util.fixNull(from), Util.fixNull(to))
                .orElse(null);
    }

    /** Returns the REST API: {@code deployments/api/json}. */
    public Api getApi() {
        return new Api(this);
    }

    /** Schedules a build that rolls back, which is recorded and shown as any other. */
    @RequirePOST
    public HttpResponse doRollback(
            @QueryParameter String environment, @QueryParameter String version, @QueryParameter String reason)
            throws IOException {
        job.checkPermission(ROLLBACK);
        Optional<DeploymentEntry> known =
                DeploymentHistory.of(job).byEnvironment().getOrDefault(environment, List.of()).stream()
                        .filter(entry -> entry.version().equals(version))
                        .findFirst();
        if (known.isEmpty() || !known.get().slot().equals("live")) {
            return new RefusedRequest(400, Messages.DeploymentsAction_unknown());
        }
        Optional<EnvironmentView> shown = getEnvironments().stream()
                .filter(view -> view.getId().equals(environment))
                .findFirst();
        if (shown.filter(EnvironmentView::isOfSingleSteps).isPresent()) {
            return new RefusedRequest(400, Messages.DeploymentsAction_singleSteps(version));
        }
        RollbackMethod how = shown.map(view -> view.rollbackMethodTo(version)).orElse(RollbackMethod.NONE);
        if (how == RollbackMethod.NONE) {
            return new RefusedRequest(
                    400, Messages.DeploymentsAction_notKept(version, EnvironmentNames.shown(environment)));
        }
        boolean again = how == RollbackMethod.AGAIN;
        Queue.Item item = new RollbackRequest(
                        known.get().directory(), environment, version, me(), again, Util.fixNull(reason))
                .schedule(job);
        return item == null ? new RefusedRequest(409, Messages.DeploymentsAction_notNow()) : new HttpRedirect("..");
    }

    @RequirePOST
    public HttpResponse doPause(
            @QueryParameter String environment, @QueryParameter String reason, @QueryParameter String hours)
            throws IOException {
        job.checkPermission(ROLLBACK);
        if (!DeploymentHistory.of(job).byEnvironment().containsKey(environment)) {
            return new RefusedRequest(400, Messages.DeploymentsAction_unknown());
        }
        String within = Util.fixEmptyAndTrim(hours) == null ? "0" : hours.trim();
        if (!within.matches("[0-9]{1,3}")) {
            return new RefusedRequest(400, Messages.DeploymentsAction_noDuration(MOST_HOURS));
        }
        PausedEnvironments.get()
                .pause(environment, job, me(), Util.fixNull(reason), Duration.ofHours(Long.parseLong(within)));
        return new HttpRedirect(".");
    }

    @RequirePOST
    public HttpResponse doResume(@QueryParameter String environment) throws IOException {
        job.checkPermission(ROLLBACK);
        if (!DeploymentHistory.of(job).byEnvironment().containsKey(environment)) {
            return new RefusedRequest(400, Messages.DeploymentsAction_unknown());
        }
        PausedEnvironments.get().resume(environment, job);
        return new HttpRedirect(".");
    }

    private static String me() {
        User user = User.current();
        return user == null ? Messages.DeploymentsAction_somebody() : user.getDisplayName();
    }
}
