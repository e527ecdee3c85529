package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;

/** The sentence with which a build ends whose live failed its acceptance. It is the same for all kinds of jobs. */
public final class LiveRollback {
    private LiveRollback() {}

    /**
     * Returns the sentence after a rollback.
     *
     * @param why the message of the acceptance
     * @param version that serves again; empty if none does
     */
    @NonNull
    public static String done(@NonNull String why, @NonNull String version) {
        return version.isEmpty()
                ? Messages.LiveRollback_withdrawn(reason(why))
                : Messages.LiveRollback_rolledBack(reason(why), version);
    }

    /** Returns the sentence after a rollback that failed too. */
    @NonNull
    public static String failed(@NonNull String why, @NonNull String failure) {
        return Messages.LiveRollback_notRolledBack(reason(why), failure);
    }

    /** Returns the reason. The text around it already names the acceptance of live. */
    private static String reason(String why) {
        return why.replaceFirst("^Accept live: ", "");
    }
}
