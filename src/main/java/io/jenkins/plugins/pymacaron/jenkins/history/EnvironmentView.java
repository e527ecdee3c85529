package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** An environment as its page shows it. */
@ExportedBean(defaultVisibility = 2)
public final class EnvironmentView {
    /** More than anybody reads. */
    private static final int SHOWN = 50;

    private final String id;
    private final String name;
    private final List<DeploymentEntry> entries;
    private final String pausedBy;
    private final String holder;

    @CheckForNull
    private final Date keptUntil;

    EnvironmentView(
            String id,
            String name,
            List<DeploymentEntry> entries,
            String pausedBy,
            String holder,
            @CheckForNull Date keptUntil) {
        this.id = id;
        this.name = name;
        this.entries = List.copyOf(entries);
        this.pausedBy = pausedBy;
        this.holder = holder;
        this.keptUntil = keptUntil == null ? null : new Date(keptUntil.getTime());
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

    /** What serves there now, as far as this job knows. */
    @NonNull
    @Exported
    public DeploymentEntry getCurrent() {
        return entries.get(0);
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

    /** Those of the history that one can go back to, each version once. */
    public Set<DeploymentEntry> getReturnable() {
        Set<String> seen = new HashSet<>(Set.of(getCurrent().version()));
        Set<DeploymentEntry> returnable = new HashSet<>();
        for (DeploymentEntry entry : isLive() ? getHistory() : new ArrayList<DeploymentEntry>()) {
            if (!entry.version().isEmpty() && !isTakenBack(entry) && seen.add(entry.version())) {
                returnable.add(entry);
            }
        }
        return returnable;
    }

    /** What was there before an entry; null for the first that is known. */
    public DeploymentEntry before(DeploymentEntry entry) {
        int at = entries.indexOf(entry);
        return at < 0 || at + 1 >= entries.size() ? null : entries.get(at + 1);
    }

    /** Who paused deployments there; empty if nobody did. */
    @Exported
    public String getPausedBy() {
        return pausedBy;
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
