package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;

/** The last stage of a deployment. */
public enum LastStage {
    /** All stages. */
    LIVE,
    STAGING,
    PUSH,
    /** Shows what it would change, and changes nothing. */
    PLAN;

    /** Reads a name. @param name in upper or lower case; any other text means all stages, as in an unchanged form */
    @NonNull
    static LastStage of(@CheckForNull String name) {
        for (LastStage until : values()) {
            if (until.name().equalsIgnoreCase(Util.fixNull(name).trim())) {
                return until;
            }
        }
        return LIVE;
    }
}
