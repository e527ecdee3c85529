package io.jenkins.plugins.pymacaron.target.gke.wire;

import java.util.Set;

/**
 * Who has a token.
 *
 * @param denied {@code verb resource} each, {@code pods/log} for instance, that it is not allowed to
 */
record Identity(String user, Set<String> denied) {
    /** An entry that denies every right. */
    static final String EVERYTHING = "*";

    boolean may(String verb, String resource) {
        return !denied.contains(EVERYTHING) && !denied.contains(verb + " " + resource);
    }
}
