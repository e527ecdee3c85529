package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the methods by which the versions of a history can be live again. */
final class RollbackMethods {
    private RollbackMethods() {}

    /**
     * Returns each version once, with its method.
     *
     * @param entries the newest first
     * @param serves the version that is live
     * @param kept the versions that live keeps; empty where they were not reported, as by an earlier version of the
     *     core
     */
    @NonNull
    static Map<DeploymentEntry, RollbackMethod> of(
            @NonNull List<DeploymentEntry> entries, @NonNull String serves, @NonNull Optional<List<String>> kept) {
        Set<String> pushed = entries.stream()
                .filter(DeploymentEntry::pushed)
                .map(DeploymentEntry::version)
                .collect(Collectors.toSet());
        Set<String> seen = new HashSet<>(Set.of(serves));
        Map<DeploymentEntry, RollbackMethod> ways = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            DeploymentEntry entry = entries.get(i);
            String version = entry.version();
            if (!version.isEmpty() && !isRolledBack(entries, i) && seen.add(version)) {
                // If they were not reported, the version before is the kept one.
                boolean atOnce =
                        kept.map(versions -> versions.contains(version)).orElse(ways.isEmpty());
                boolean again = pushed.contains(version);
                ways.put(entry, atOnce ? RollbackMethod.KEPT : again ? RollbackMethod.AGAIN : RollbackMethod.NONE);
            }
        }
        return ways;
    }

    /** Returns whether the build of the entry at that index rolled it back at once. */
    static boolean isRolledBack(@NonNull List<DeploymentEntry> entries, int at) {
        return at > 0
                && entries.get(at - 1).isRollback()
                && entries.get(at - 1).isOfTheSameBuild(entries.get(at))
                && !entries.get(at).isRollback();
    }
}
