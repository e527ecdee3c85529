package io.jenkins.plugins.pymacaron.targets.gke.wire;

import java.util.Optional;
import java.util.Set;

/**
 * The owner of a token.
 *
 * @param denied {@code verb resource} each, {@code pods/log} for instance, that it is not allowed to
 * @param rbac all that it is allowed to, where that is given
 */
record Identity(String user, Set<String> denied, Optional<Rbac> rbac) {
    /** An entry that denies every right. */
    static final String EVERYTHING = "*";

    Identity(String user, Set<String> denied) {
        this(user, denied, Optional.empty());
    }

    boolean may(String namespace, String group, String resource, String verb, String name) {
        return !denied.contains(EVERYTHING)
                && !denied.contains(verb + " " + resource)
                && rbac.map(r -> r.allows(namespace, group, resource, verb, name))
                        .orElse(true);
    }
}
