package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;

/** How far a deployment goes. */
public enum LastStage {
    /** All the way. */
    LIVE,
    STAGING,
    PUSH,
    /** Says what it would change, and changes nothing. */
    PLAN;

    /** @param name in any case; whatever is none of them goes all the way, as a form that was left alone does */
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
