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
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersions;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.target.EnvironmentNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kohsuke.stapler.HttpRedirect;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** What serves where, since when and by whom; what served before, and the ways back to it. */
@ExportedBean
public final class DeploymentsAction implements Action {
    /** To take live back, and to pause deployments. */
    public static final Permission ROLLBACK = new Permission(
            Item.PERMISSIONS,
            "PymacaronRollback",
            Messages._DeploymentsAction_rollbackPermission(),
            Item.BUILD,
            PermissionScope.ITEM);

    private final Job<?, ?> job;

    /** Jenkins reads who was granted what next, and drops grants of permissions that it does not know. */
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
        Map<String, List<DeploymentEntry>> all = DeploymentHistory.of(job).byEnvironment();
        for (Map.Entry<String, List<DeploymentEntry>> e : all.entrySet()) {
            String id = e.getKey();
            String name = EnvironmentNames.shown(id);
            boolean twice = all.keySet().stream()
                            .filter(other -> EnvironmentNames.shown(other).equals(name))
                            .count()
                    > 1;
            views.add(new EnvironmentView(
                    id,
                    twice ? EnvironmentNames.full(id) : name,
                    e.getValue(),
                    PausedEnvironments.get().pausedBy(id, job).orElse(""),
                    EnvironmentQueue.get().holder(id).orElse(""),
                    KeptVersions.get().until(id).map(Date::from).orElse(null)));
        }
        return views;
    }

    /** What builds of this job have left half-made. It is undone as soon as that can be. */
    @Exported
    public List<UnfinishedView> getUnfinished() {
        return UnfinishedStages.get().all().stream()
                .flatMap(stage -> UnfinishedView.of(stage, job).stream())
                .toList();
    }

    /** The build of an entry, while it is kept. */
    @CheckForNull
    public Run<?, ?> build(DeploymentEntry entry) {
        Run<?, ?> run = job.getBuildByNumber(entry.build());
        return run != null && entry.isOf(run) ? run : null;
    }

    public boolean isMayRollBack() {
        return job.hasPermission(ROLLBACK);
    }

    /** What changed from one version to another, for the page that compares them; null if one was never deployed. */
    @CheckForNull
    public Changes getChanges(@CheckForNull String from, @CheckForNull String to) throws IOException {
        return Changes.between(job, DeploymentHistory.of(job).entries(), Util.fixNull(from), Util.fixNull(to))
                .orElse(null);
    }

    /** REST: {@code deployments/api/json}. */
    public Api getApi() {
        return new Api(this);
    }

    /** Schedules a build that rolls back, which is recorded and shown as any other. */
    @RequirePOST
    public HttpResponse doRollback(@QueryParameter String environment, @QueryParameter String version)
            throws IOException {
        job.checkPermission(ROLLBACK);
        Optional<DeploymentEntry> known =
                DeploymentHistory.of(job).byEnvironment().getOrDefault(environment, List.of()).stream()
                        .filter(entry -> entry.version().equals(version))
                        .findFirst();
        if (known.isEmpty() || !known.get().slot().equals("live")) {
            return HttpResponses.error(400, Messages.DeploymentsAction_unknown());
        }
        Queue.Item item = new RollbackRequest(known.get().directory(), environment, version, me()).schedule(job);
        return item == null ? HttpResponses.error(409, Messages.DeploymentsAction_notNow()) : new HttpRedirect("..");
    }

    @RequirePOST
    public HttpResponse doPause(@QueryParameter String environment) throws IOException {
        job.checkPermission(ROLLBACK);
        if (!DeploymentHistory.of(job).byEnvironment().containsKey(environment)) {
            return HttpResponses.error(400, Messages.DeploymentsAction_unknown());
        }
        PausedEnvironments.get().pause(environment, job, me());
        return new HttpRedirect(".");
    }

    @RequirePOST
    public HttpResponse doResume(@QueryParameter String environment) throws IOException {
        job.checkPermission(ROLLBACK);
        if (!DeploymentHistory.of(job).byEnvironment().containsKey(environment)) {
            return HttpResponses.error(400, Messages.DeploymentsAction_unknown());
        }
        PausedEnvironments.get().resume(environment, job);
        return new HttpRedirect(".");
    }

    private static String me() {
        User user = User.current();
        return user == null ? Messages.DeploymentsAction_somebody() : user.getDisplayName();
    }
}
