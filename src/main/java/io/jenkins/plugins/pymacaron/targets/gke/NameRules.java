package io.jenkins.plugins.pymacaron.targets.gke;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules of an API server for names: those of Services are labels of RFC 1035, those of Namespaces and containers
 * labels of RFC 1123, all others subdomains (kubernetes/kubernetes, pkg/apis/core/validation/validation.go and
 * apimachinery/pkg/util/validation/validation.go).
 */
final class NameRules {
    private static final int LONGEST = 63;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?");
    private static final Pattern BEGINS_WITH_LETTER = Pattern.compile("[a-z](?:[-a-z0-9]*[a-z0-9])?");

    private NameRules() {}

    /** Returns the fault of a name of {@link GkeNames#strict}, if it has one. */
    static Optional<String> trouble(Kind kind, String name) {
        String what = (kind == Kind.POD ? "the container" : kind.title()) + " " + name;
        if (name.length() > LONGEST) {
            return Optional.of(
                    what + " would have a name of " + name.length() + " characters, and " + LONGEST + " are the most");
        }
        boolean service = kind == Kind.SERVICE;
        return (service ? BEGINS_WITH_LETTER : LABEL).matcher(name).matches()
                ? Optional.empty()
                : Optional.of(what + " would have a name that Kubernetes does not take: lower-case letters, digits and"
                        + " dashes between them" + (service ? ", a letter first" : ""));
    }
}
