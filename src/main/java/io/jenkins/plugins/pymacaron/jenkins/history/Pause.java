package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.pymacaron.jenkins.run.ReasonTexts;
import java.time.Instant;
import java.util.Date;

/** Who paused an environment, why, since when and until when. Stored by XStream; immutable. */
public final class Pause {
    private final String by;
    private final String reason;
    /** The full name of the job on whose page it was done. */
    private final String job;
    /** Milliseconds since the epoch; 0 where it is not known. */
    private final long since;
    /** Milliseconds since the epoch; 0 for as long as nobody resumes. */
    private final long until;

    Pause(@NonNull String by, @NonNull String reason, @NonNull String job, @NonNull Instant since, long until) {
        this.by = by;
        this.reason = ReasonTexts.line(reason);
        this.job = job;
        this.since = since.toEpochMilli();
        this.until = until;
    }

    /** As an earlier version kept it, which knew the name alone. */
    static Pause of(String by) {
        return new Pause(by, "", "", Instant.EPOCH, 0);
    }

    boolean isOver(Instant now) {
        return until != 0 && until <= now.toEpochMilli();
    }

    @NonNull
    public String getBy() {
        return Util.fixNull(by);
    }

    /** One line; empty if none was given. */
    @NonNull
    public String getReason() {
        return Util.fixNull(reason);
    }

    @NonNull
    String job() {
        return Util.fixNull(job);
    }

    /** Null where it is not known. */
    @CheckForNull
    public Date getSince() {
        return since == 0 ? null : new Date(since);
    }

    /** Null for as long as nobody resumes. */
    @CheckForNull
    public Date getUntil() {
        return until == 0 ? null : new Date(until);
    }
}
