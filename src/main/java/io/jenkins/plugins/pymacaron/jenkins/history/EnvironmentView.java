package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.CommitLink;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.apache.commons.lang3.math.NumberUtils;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.springframework.security.access.AccessDeniedException;

/** An environment on its page. */
@ExportedBean(defaultVisibility = 2)
public final class EnvironmentView {
    /** More entries than a reader needs. */
    private static final int SHOWN = 50;
    /** Each build may have to be read from the disk. */
    private static final int MOST_BUILDS = 100;

    private final String id;
    private final String name;
    private final Job<?, ?> job;
    private final List<DeploymentEntry> entries;
    /** By the number of their build. */
    private final Map<Integer, List<AcceptanceEntry>> acceptances;

    private final Optional<Serving> serving;
    private final Optional<Pause> pause;
    private final String holder;

    @CheckForNull
    private final Date keptUntil;

    private boolean refused;
    private boolean singleSteps;
    private boolean oneOfSeveral;
    private String apart = "";
    private int looked;

    @CheckForNull
    private Map<DeploymentEntry, RollbackMethod> returnable;

    private Map<DeploymentEntry, Integer> indexes;

    /**
     * Makes the view.
     *
     * @param entries of the history of the job that is shown, the newest first; none only where something serves
     * @param acceptances of that history, the newest first
     * @param serving the version that serves there, deployed by any job
     */
    EnvironmentView(
            String id,
            String name,
            Job<?, ?> job,
            List<DeploymentEntry> entries,
            List<AcceptanceEntry> acceptances,
            Optional<Serving> serving,
            Optional<Pause> pause,
            String holder,
            @CheckForNull Date keptUntil) {
        this.id = id;
        this.name = name;
        this.job = job;
        this.entries = List.copyOf(entries);
        this.acceptances = acceptances.stream().collect(Collectors.groupingBy(AcceptanceEntry::build));
        this.serving = serving.filter(
                s -> entries.isEmpty() || s.entry().at() >= entries.get(0).at());
        this.pause = pause;
        this.holder = holder;
        this.keptUntil = keptUntil == null ? null : new Date(keptUntil.getTime());
    }

    EnvironmentView refused(boolean byLive) {
        refused = byLive;
        return this;
    }

    /** Sets whether the job last deployed there by a Pipeline of single steps. */
    EnvironmentView singleSteps(boolean last) {
        singleSteps = last;
        return this;
    }

    /** Sets the other environments. @param others on the same page */
    void among(List<EnvironmentView> others) {
        oneOfSeveral = others.stream()
                        .map(other -> other.getCurrent().service())
                        .distinct()
                        .count()
                > 1;
        boolean twice = others.stream()
                .anyMatch(other -> other != this
                        && other.getCurrent().service().equals(getCurrent().service())
                        && EnvironmentTitle.of(other.id, other.getCurrent())
                                .equals(EnvironmentTitle.of(id, getCurrent())));
        apart = twice ? name : "";
    }

    /** Returns the title; it is unique on the page, except for other services. */
    @NonNull
    @Exported
    public String getTitle() {
        String title = EnvironmentTitle.of(id, getCurrent());
        return apart.isEmpty() ? title : Messages.EnvironmentTitle_both(title, apart);
    }

    /** Returns the service to name beside the title; empty where the whole page has one service. */
    @NonNull
    public String getService() {
        return oneOfSeveral ? getCurrent().service() : "";
    }

    /** Returns the title with all distinguishing properties. */
    @NonNull
    public String getDetail() {
        return EnvironmentNames.full(id);
    }

    /** Returns whether the job has no history of it, though a job of its name has deployed there. */
    public boolean isHistoryNew() {
        return entries.isEmpty();
    }

    /**
     * Returns the result of the tests of a deployment; null where none ran, as after a rollback, or it is not known.
     */
    @CheckForNull
    public AcceptanceEntry acceptanceOf(@NonNull DeploymentEntry entry) {
        Optional<AcceptanceEntry> kept = acceptances.getOrDefault(entry.build(), List.of()).stream()
                .filter(a -> a.isOf(entry))
                .findFirst();
        if (kept.isPresent() || entry.isRollback() || looked == MOST_BUILDS) {
            return kept.orElse(null);
        }
        looked++;
        return AcceptanceEntry.ofBuild(job, entry).orElse(null);
    }

    /** Returns the result of the tests that accepted the serving version; null where it is not known. */
    @CheckForNull
    @Exported
    public AcceptanceEntry getAcceptance() {
        DeploymentEntry now = getCurrent();
        if (isOfAnotherJob()) {
            return otherJob().flatMap(j -> AcceptanceEntry.ofBuild(j, now)).orElse(null);
        }
        AcceptanceEntry own = acceptanceOf(now);
        if (own != null || !now.isRollback()) {
            return own;
        }
        // It was accepted when it was deployed, before the rollback brought it back.
        return entries.stream()
                .filter(e -> e.version().equals(now.version()) && !e.isRollback())
                .map(this::acceptanceOf)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns a page of its history, for readers. */
    @NonNull
    public HistoryPage page(@CheckForNull String show, @CheckForNull String search, @CheckForNull String number) {
        return new HistoryPage(this, entries, Util.fixNull(show), Util.fixNull(search), NumberUtils.toInt(number, 1));
    }

    /** Returns the id by which queue, pause and history know it. */
    @Exported
    public String getId() {
        return id;
    }

    /** Returns the name that people see; it is unique on the page. */
    @Exported
    public String getName() {
        return name;
    }

    /** Returns the version that serves there now, deployed by any job of the folder tree. */
    @NonNull
    @Exported
    public DeploymentEntry getCurrent() {
        return serving.map(Serving::entry).orElseGet(() -> entries.get(0));
    }

    /** Returns whether another job than that of the page has deployed it. */
    @Exported
    public boolean isOfAnotherJob() {
        return serving.filter(s -> !s.job().equals(job.getFullName())).isPresent();
    }

    /** Returns the job that has deployed it, if the reader may see it; empty for the job of the page. */
    @NonNull
    @Exported
    public String getJob() {
        return isOfAnotherJob()
                ? otherJob().map(Job::getFullDisplayName).orElseGet(Messages::DeploymentsAction_another)
                : "";
    }

    /** Returns the build that has deployed it, while it is kept and if the reader may see it. */
    @CheckForNull
    public Run<?, ?> getBuild() {
        Optional<Job<?, ?>> its = isOfAnotherJob() ? otherJob() : Optional.of(job);
        DeploymentEntry now = getCurrent();
        return its.<Run<?, ?>>map(j -> j.getBuildByNumber(now.build()))
                .filter(now::isOf)
                .orElse(null);
    }

    /** Returns the commit that serves, with its page as far as the reader may see the build. */
    @NonNull
    public CommitLink getCommit() {
        Run<?, ?> build = getBuild();
        String commit = getCurrent().commit();
        if (build != null) {
            return CommitLink.of(build, commit);
        }
        return isOfAnotherJob() ? CommitLink.withoutPage(commit) : CommitLink.of(job, commit);
    }

    /** Finds the other job, by the reader's permissions. */
    private Optional<Job<?, ?>> otherJob() {
        try {
            return serving.<Job<?, ?>>map(s -> Jenkins.get().getItemByFullName(s.job(), Job.class))
                    .filter(j -> j.hasPermission(Item.READ));
        } catch (AccessDeniedException e) {
            return Optional.empty();
        }
    }

    /** Returns whether staging serves a version that live did not accept. */
    @Exported
    public boolean isRefused() {
        return refused;
    }

    public boolean isLive() {
        return getCurrent().slot().equals("live");
    }

    @Exported
    public List<DeploymentEntry> getHistory() {
        return entries.subList(0, Math.min(SHOWN, entries.size()));
    }

    /** Returns whether the build that deployed it rolled it back at once, since it did not pass its acceptance. */
    public boolean isRolledBack(DeploymentEntry entry) {
        return RollbackMethods.isRolledBack(entries, indexOf(entry));
    }

    /** Returns the place of an entry, without a search for each of thousands; -1 for an unknown one. */
    private int indexOf(DeploymentEntry entry) {
        if (indexes == null) {
            Map<DeploymentEntry, Integer> all = new HashMap<>();
            for (int i = 0; i < entries.size(); i++) {
                all.putIfAbsent(entries.get(i), i);
            }
            indexes = all;
        }
        return indexes.getOrDefault(entry, -1);
    }

    /** Returns the entries that a rollback can use, each version once, with its method. */
    @NonNull
    public Map<DeploymentEntry, RollbackMethod> getReturnable() {
        if (returnable == null) {
            returnable = isLive() && !isOfSingleSteps()
                    ? RollbackMethods.of(entries, getCurrent().version(), serving.flatMap(Serving::known))
                    : Map.of();
        }
        return returnable;
    }

    /** Returns whether the job deploys there by a Pipeline of single steps, which does not do what a button asks for. */
    boolean isOfSingleSteps() {
        return singleSteps;
    }

    /** Returns the method of a rollback to an entry. @return for pages {@code kept}, {@code again} or {@code none} */
    @NonNull
    public String rollbackMethod(@NonNull DeploymentEntry entry) {
        return getReturnable().getOrDefault(entry, RollbackMethod.NONE).name().toLowerCase(Locale.ROOT);
    }

    /** Returns the method of a rollback to a version. */
    @NonNull
    RollbackMethod rollbackMethodTo(String version) {
        return getReturnable().entrySet().stream()
                .filter(e -> e.getKey().version().equals(version))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(RollbackMethod.NONE);
    }

    /** Returns the entry before another one; null for the first known one. */
    public DeploymentEntry before(DeploymentEntry entry) {
        int at = indexOf(entry);
        return at < 0 || at + 1 >= entries.size() ? null : entries.get(at + 1);
    }

    /** Returns the user who paused deployments there; empty if they are not paused. */
    @Exported
    public String getPausedBy() {
        return pause.map(Pause::getBy).orElse("");
    }

    /** Returns the reason of the pause; empty if there is no pause, or no reason was given. */
    @Exported
    public String getPauseReason() {
        return pause.map(Pause::getReason).orElse("");
    }

    /** Returns when the pause ends by itself; null if it does not. */
    @CheckForNull
    @Exported
    public Date getPausedUntil() {
        return pause.map(Pause::getUntil).orElse(null);
    }

    /** Returns when the pause began; null if there is none, or the time is not known. */
    @CheckForNull
    @Exported
    public Date getPausedSince() {
        return pause.map(Pause::getSince).orElse(null);
    }

    /** Returns when the version before ends; null if that is not planned. */
    @CheckForNull
    @Exported
    public Date getKeptUntil() {
        return keptUntil == null ? null : new Date(keptUntil.getTime());
    }

    /** Returns the build that deploys there now; empty if none does. */
    @Exported
    public String getHolder() {
        return holder;
    }
}
