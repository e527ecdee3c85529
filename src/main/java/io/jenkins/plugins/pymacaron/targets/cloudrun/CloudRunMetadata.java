package io.jenkins.plugins.pymacaron.targets.cloudrun;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The annotations that identify our revisions; revisions without them are left alone. Those of a revision are fixed
 * with it; {@link #LEASE}, {@link #CANARY}, {@link #LIVE_MARK} and {@link #MADE_BY} are the service's.
 */
final class CloudRunMetadata {
    private static final String PREFIX = "io.jenkins.plugins.pymacaron/";

    /** Service and slot: {@code cloud-run/hello/live}. A revision without this annotation is not ours. */
    static final String ENVIRONMENT = PREFIX + "environment";

    static final String DEPLOYMENT = PREFIX + "deployment";
    static final String VERSION = PREFIX + "version";
    static final String DIGEST = PREFIX + "digest";
    static final String COMMIT = PREFIX + "commit";

    /** The lease of the run that deploys now, see LeaseStore. */
    static final String LEASE = PREFIX + "lease";

    /** The revision that gets a part of the traffic during a canary; it identifies the owner of a traffic split. */
    static final String CANARY = PREFIX + "canary";

    /** The deployment that made the service: only the undo of that deployment may delete the service. */
    static final String MADE_BY = PREFIX + "made-by";

    /** The revisions that have served, the last one first; a revision itself does not tell. */
    static final String HISTORY = PREFIX + "history";

    /** The name of the configuration file that has deployed the service, see FileMark. */
    static final String FILE = PREFIX + "file";

    /** The operation that was the last to change what serves, see LiveMark. */
    static final String LIVE_MARK = PREFIX + "live-mark";

    /** The operation that was the last to make the candidate of a tag: this and the tag. */
    private static final String CANDIDATE = PREFIX + "candidate-";

    private static final int REMEMBERED = 20;

    private CloudRunMetadata() {}

    static List<String> history(Map<String, String> annotations) {
        return find(annotations, HISTORY).map(text -> List.of(text.split(" "))).orElse(List.of());
    }

    /**
     * Returns the history with {@code served} in front.
     *
     * @param before the revision that has served until now, perhaps set by hand; "" for none
     * @param forget a revision that no rollback may use, "" for none
     */
    static String history(Map<String, String> annotations, String served, String before, String forget) {
        return Stream.concat(Stream.of(served, before), history(annotations).stream())
                .filter(revision -> !revision.isEmpty())
                .filter(revision -> !revision.equals(forget))
                .distinct()
                .limit(REMEMBERED)
                .collect(Collectors.joining(" "));
    }

    static Optional<String> find(Map<String, String> annotations, String name) {
        return Optional.ofNullable(annotations.get(name)).filter(value -> !value.isEmpty());
    }

    /** Returns the mark; "" where there is none. */
    static String mark(Map<String, String> annotations) {
        return annotations.getOrDefault(LIVE_MARK, "");
    }

    /** Returns the mark of the candidate at a tag of ours; "" where there is none. */
    static String candidate(Map<String, String> annotations, String tag) {
        return annotations.getOrDefault(CANDIDATE + tag, "");
    }

    /** Sets the mark of the candidate at a tag of ours. @param mark "" for none */
    static void mark(Map<String, String> annotations, String tag, String mark) {
        if (mark.isEmpty()) {
            annotations.remove(CANDIDATE + tag);
        } else {
            annotations.put(CANDIDATE + tag, mark);
        }
    }

    /** Removes the marks of all candidates, whose tags go too. */
    static void withoutCandidates(Map<String, String> annotations) {
        annotations.keySet().removeIf(name -> name.startsWith(CANDIDATE));
    }

    static boolean isOurs(Map<String, String> annotations, String environment) {
        return environment.equals(annotations.get(ENVIRONMENT)) && annotations.containsKey(DEPLOYMENT);
    }
}
