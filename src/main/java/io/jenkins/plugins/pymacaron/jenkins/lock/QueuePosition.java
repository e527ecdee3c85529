package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Run;
import java.util.Date;

/** The place of a build in the queue of an environment, for its page. */
public final class QueuePosition {
    private final String environment;
    private final String holder;
    private final int place;
    private final long since;

    /** Makes the place. @param holder the id of the build that has it; empty where none has */
    QueuePosition(String environment, String holder, int place, long since) {
        this.environment = environment;
        this.holder = holder;
        this.place = place;
        this.since = since;
    }

    /** Returns the name that people see. */
    @NonNull
    public String getEnvironment() {
        return environment;
    }

    /** Returns the place, from 1. */
    public int getPlace() {
        return place;
    }

    /** Returns the begin of the wait; null where it is not known, as right after a restart. */
    @CheckForNull
    public Date getSince() {
        return since == 0 ? null : new Date(since);
    }

    /** Returns the build that has it, if the reader may see it. */
    @CheckForNull
    public Run<?, ?> getHolder() {
        return holder.isEmpty()
                ? null
                : EnvironmentOwners.find(holder)
                        .filter(run -> run.getParent().hasPermission(Item.READ))
                        .orElse(null);
    }

    /** Returns whether a build has it; otherwise a clean-up after an ended build has it. */
    public boolean isHeld() {
        return !holder.isEmpty();
    }
}
