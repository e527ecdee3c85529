package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Run;
import java.util.Date;

/** Where a build waits for an environment, as its page shows it. */
public final class QueuePosition {
    private final String environment;
    private final String holder;
    private final int place;
    private final long since;

    /** @param holder the id of the build that has it; empty where none has */
    QueuePosition(String environment, String holder, int place, long since) {
        this.environment = environment;
        this.holder = holder;
        this.place = place;
        this.since = since;
    }

    /** As people see it. */
    @NonNull
    public String getEnvironment() {
        return environment;
    }

    /** From 1. */
    public int getPlace() {
        return place;
    }

    /** Null where that is not known, as right after a restart. */
    @CheckForNull
    public Date getSince() {
        return since == 0 ? null : new Date(since);
    }

    /** The build that has it, as far as the reader may see it. */
    @CheckForNull
    public Run<?, ?> getHolder() {
        return holder.isEmpty()
                ? null
                : EnvironmentOwners.find(holder)
                        .filter(run -> run.getParent().hasPermission(Item.READ))
                        .orElse(null);
    }

    /** Whether a build has it; otherwise what an ended one has left there is being taken back. */
    public boolean isHeld() {
        return !holder.isEmpty();
    }
}
