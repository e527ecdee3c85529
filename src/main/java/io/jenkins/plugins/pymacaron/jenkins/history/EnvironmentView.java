package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.springframework.security.access.AccessDeniedException;

/** An environment as its page shows it. */
@ExportedBean(defaultVisibility = 2)
public final class EnvironmentView {
    /** More than anybody reads. */
    private static final int SHOWN = 50;

    private final String id;
    private final String name;
    private final Job<?, ?> job;
    private final List<DeploymentEntry> entries;
    private final Optional<Serving> serving;
    private final Optional<Pause> pause;
    private final String holder;

    @CheckForNull
    private final Date keptUntil;

    private boolean refused;

    /**
     * @param entries of the history of the job that is shown, the newest first; not empty
     * @param serving what serves there by whichever job
     */
    EnvironmentView(
            String id,
            String name,
            Job<?, ?> job,
            List<DeploymentEntry> entries,
            Optional<Serving> serving,
            Optional<Pause> pause,
            String holder,
            @CheckForNull Date keptUntil) {
        this.id = id;
        this.name = name;
        this.job = job;
        this.entries = List.copyOf(entries);
        this.serving = serving.filter(s -> s.entry().at() >= entries.get(0).at());
        this.pause = pause;
        this.holder = holder;
        this.keptUntil = keptUntil == null ? null : new Date(keptUntil.getTime());
    }

    EnvironmentView refused(boolean byLive) {
        refused = byLive;
        return this;
    }

    /** By which queue, pause and history know it. */
    @Exported
    public String getId() {
        return id;
    }

    /** As people see it; no other of the page has the same. */
    @Exported
    public String getName() {
        return name;
    }

    /** What serves there now, by whichever job of the folder tree. */
    @NonNull
    @Exported
    public DeploymentEntry getCurrent() {
        return serving.map(Serving::entry).orElse(entries.get(0));
    }

    /** Whether another job than the one whose page it is has made it serve. */
    @Exported
    public boolean isOfAnotherJob() {
        return serving.filter(s -> !s.job().equals(job.getFullName())).isPresent();
    }

    /** The job that has made it serve, as far as the reader may see it; empty for the one whose page it is. */
    @NonNull
    @Exported
    public String getJob() {
        return isOfAnotherJob()
                ? otherJob().map(Job::getFullDisplayName).orElseGet(Messages::DeploymentsAction_another)
                : "";
    }

    /** The build that has made it serve, while it is kept and as far as the reader may see it. */
    @CheckForNull
    public Run<?, ?> getBuild() {
        Optional<Job<?, ?>> its = isOfAnotherJob() ? otherJob() : Optional.of(job);
        DeploymentEntry now = getCurrent();
        return its.<Run<?, ?>>map(j -> j.getBuildByNumber(now.build()))
                .filter(now::isOf)
                .orElse(null);
    }

    /** By the reader's permissions. */
    private Optional<Job<?, ?>> otherJob() {
        try {
            return serving.<Job<?, ?>>map(s -> Jenkins.get().getItemByFullName(s.job(), Job.class))
                    .filter(j -> j.hasPermission(Item.READ));
        } catch (AccessDeniedException e) {
            return Optional.empty();
        }
    }

    /** Whether staging serves what live did not accept. */
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

    /** Whether the build that deployed it took it back at once, since it did not pass its acceptance. */
    public boolean isTakenBack(DeploymentEntry entry) {
        int at = entries.indexOf(entry);
        return at > 0
                && entries.get(at - 1).isRollback()
                && entries.get(at - 1).isOfTheSameBuild(entry)
                && !entry.isRollback();
    }

    /** Those of the history that one can go back to, each version once, with how. */
    @NonNull
    public Map<DeploymentEntry, WayBack> getReturnable() {
        Set<String> seen = new HashSet<>(Set.of(getCurrent().version()));
        Map<DeploymentEntry, WayBack> returnable = new LinkedHashMap<>();
        for (DeploymentEntry entry : isLive() ? getHistory() : new ArrayList<DeploymentEntry>()) {
            if (!entry.version().isEmpty() && !isTakenBack(entry) && seen.add(entry.version())) {
                // Where nobody has told what is kept, as an earlier engine, it is the version before.
                boolean kept = serving.flatMap(Serving::known)
                        .map(versions -> versions.contains(entry.version()))
                        .orElse(returnable.isEmpty());
                boolean pushed = entries.stream().anyMatch(e -> e.version().equals(entry.version()) && e.pushed());
                returnable.put(entry, kept ? WayBack.KEPT : pushed ? WayBack.AGAIN : WayBack.NONE);
            }
        }
        return returnable;
    }

    /** @return for pages {@code kept}, {@code again} or {@code none} */
    @NonNull
    public String wayBack(@NonNull DeploymentEntry entry) {
        return getReturnable().getOrDefault(entry, WayBack.NONE).name().toLowerCase(Locale.ROOT);
    }

    /** How to go back to a version. */
    @NonNull
    WayBack wayBackTo(String version) {
        return getReturnable().entrySet().stream()
                .filter(e -> e.getKey().version().equals(version))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(WayBack.NONE);
    }

    /** What was there before an entry; null for the first that is known. */
    public DeploymentEntry before(DeploymentEntry entry) {
        int at = entries.indexOf(entry);
        return at < 0 || at + 1 >= entries.size() ? null : entries.get(at + 1);
    }

    /** Who paused deployments there; empty if nobody did. */
    @Exported
    public String getPausedBy() {
        return pause.map(Pause::getBy).orElse("");
    }

    /** Why; empty if nobody paused it, or gave no reason. */
    @Exported
    public String getPauseReason() {
        return pause.map(Pause::getReason).orElse("");
    }

    /** When the pause ends by itself; null if it does not. */
    @CheckForNull
    @Exported
    public Date getPausedUntil() {
        return pause.map(Pause::getUntil).orElse(null);
    }

    /** Since when it is paused; null if it is not, or that is not known. */
    @CheckForNull
    @Exported
    public Date getPausedSince() {
        return pause.map(Pause::getSince).orElse(null);
    }

    /** When the version before ends; null if that is not planned. */
    @CheckForNull
    @Exported
    public Date getKeptUntil() {
        return keptUntil == null ? null : new Date(keptUntil.getTime());
    }

    /** The build that deploys there now; empty if none does. */
    @Exported
    public String getHolder() {
        return holder;
    }
}
