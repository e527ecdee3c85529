package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import java.time.Instant;
import java.util.Date;

/** The pause of an environment: its user, reason, begin and end. Stored by XStream; immutable. */
public final class Pause {
    private final String by;
    private final String reason;
    /** The full name of the job on whose page the pause was set. */
    private final String job;
    /** Milliseconds since the epoch; 0 where it is not known. */
    private final long since;
    /** Milliseconds since the epoch; 0 until a user resumes. */
    private final long until;

    Pause(@NonNull String by, @NonNull String reason, @NonNull String job, @NonNull Instant since, long until) {
        this.by = by;
        this.reason = ReasonTexts.line(reason);
        this.job = job;
        this.since = since.toEpochMilli();
        this.until = until;
    }

    /** Reads the form of an earlier version, which kept the name alone. */
    static Pause of(String by) {
        return new Pause(by, "", "", Instant.EPOCH, 0);
    }

    /** Returns the same pause, of the page of another job. */
    Pause in(String otherJob) {
        return new Pause(by, reason, otherJob, Instant.ofEpochMilli(since), until);
    }

    boolean isOver(Instant now) {
        return until != 0 && until <= now.toEpochMilli();
    }

    @NonNull
    public String getBy() {
        return Util.fixNull(by);
    }

    /** Returns the reason, one line; empty if none was given. */
    @NonNull
    public String getReason() {
        return Util.fixNull(reason);
    }

    @NonNull
    String job() {
        return Util.fixNull(job);
    }

    /** Returns the begin; null where it is not known. */
    @CheckForNull
    public Date getSince() {
        return since == 0 ? null : new Date(since);
    }

    /** Returns the end; null for a pause until a user resumes. */
    @CheckForNull
    public Date getUntil() {
        return until == 0 ? null : new Date(until);
    }
}
