package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.TrafficTargetStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The share of the traffic of each revision, in percent; a revision without traffic is not in it. It always uses the
 * names of revisions: a share of the latest revision would move with the next deployment of another tool.
 */
record TrafficSplit(Map<String, Integer> shares) {
    TrafficSplit {
        shares = new TreeMap<>(shares);
        shares.values().removeIf(percent -> percent == 0);
    }

    static TrafficSplit all(String revision) {
        return new TrafficSplit(Map.of(revision, 100));
    }

    /** Returns a split with {@code percent} for one revision, and the rest for the other. */
    static TrafficSplit split(String revision, int percent, String rest) {
        return new TrafficSplit(Map.of(revision, percent, rest, 100 - percent));
    }

    /** Returns the form in the arguments of an effect: {@code a=75 b=25}. */
    String text() {
        return shares.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
    }

    /** Returns the form for people. */
    String sentence() {
        return shares.isEmpty()
                ? "nothing"
                : shares.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue() + " %")
                        .collect(Collectors.joining(", "));
    }

    static TrafficSplit parse(String text) {
        Map<String, Integer> shares = new TreeMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(" ")) {
            int equals = part.indexOf('=');
            shares.put(part.substring(0, equals), Integer.parseInt(part.substring(equals + 1)));
        }
        return new TrafficSplit(shares);
    }

    /** Returns the split that the service reports as its status. */
    static TrafficSplit served(Service service) {
        Map<String, Integer> shares = new TreeMap<>();
        for (TrafficTargetStatus status : service.getTrafficStatusesList()) {
            shares.merge(name(service, status.getType(), status.getRevision()), status.getPercent(), Integer::sum);
        }
        return new TrafficSplit(shares);
    }

    /** Returns the wanted split of the service, if it is a real split and was not left by a canary of ours. */
    static Optional<String> foreignSplit(Service service) {
        TrafficSplit wanted = wanted(service);
        String canary = service.getAnnotationsMap().getOrDefault(CloudRunMetadata.CANARY, "");
        return wanted.isSplitBeyond(Set.of(canary)) ? Optional.of(wanted.sentence()) : Optional.empty();
    }

    /** Returns the wanted split of the service without a canary of ours, which a run may have left that was cut off. */
    static TrafficSplit settled(Service service) {
        TrafficSplit wanted = wanted(service);
        Map<String, Integer> others = new TreeMap<>(wanted.shares());
        others.remove(service.getAnnotationsMap().getOrDefault(CloudRunMetadata.CANARY, ""));
        return others.size() == 1 ? all(others.keySet().iterator().next()) : wanted;
    }

    /** Returns the wanted split of the service. */
    static TrafficSplit wanted(Service service) {
        Map<String, Integer> shares = new TreeMap<>();
        for (TrafficTarget target : service.getTrafficList()) {
            shares.merge(name(service, target.getType(), target.getRevision()), target.getPercent(), Integer::sum);
        }
        return new TrafficSplit(shares);
    }

    /** Returns whether a share follows the latest revision, as pymgcr and gcloud leave it. */
    static boolean followsLatest(Service service) {
        return service.getTrafficList().stream().anyMatch(t -> isLatest(t.getType()) && t.getPercent() > 0);
    }

    /**
     * Returns the entries that set this split on a service.
     *
     * @param tags by tag, the revision that has it; they are added to the revisions with traffic
     */
    List<TrafficTarget> targets(Map<String, String> tags) {
        List<TrafficTarget> targets = new ArrayList<>();
        shares.forEach((revision, percent) ->
                targets.add(entry(revision).setPercent(percent).build()));
        tags.forEach((tag, revision) -> targets.add(entry(revision).setTag(tag).build()));
        return targets;
    }

    /**
     * Returns the entries of a service as they are, with the name of the revision in place of each that follows the
     * latest.
     */
    static List<TrafficTarget> frozen(Service service) {
        return service.getTrafficList().stream()
                .map(target -> isLatest(target.getType())
                        ? target.toBuilder()
                                .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)
                                .setRevision(name(service, target.getType(), ""))
                                .build()
                        : target)
                .toList();
    }

    /** Returns the revision that each tag was assigned to, by tag. */
    static Map<String, String> tags(Service service) {
        Map<String, String> tags = new TreeMap<>();
        for (TrafficTarget target : service.getTrafficList()) {
            if (!target.getTag().isEmpty()) {
                tags.put(target.getTag(), name(service, target.getType(), target.getRevision()));
            }
        }
        return tags;
    }

    boolean has(String revision) {
        return shares.containsKey(revision);
    }

    /**
     * Returns whether the traffic is split beyond these candidates.
     *
     * @param candidates one of them may be named, the others are not
     */
    boolean isSplitBeyond(Collection<String> candidates) {
        return shares.keySet().stream()
                        .filter(name -> !candidates.contains(name))
                        .count()
                > 1;
    }

    private static TrafficTarget.Builder entry(String revision) {
        return TrafficTarget.newBuilder()
                .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)
                .setRevision(revision);
    }

    private static String name(Service service, TrafficTargetAllocationType type, String revision) {
        String found = isLatest(type) ? service.getLatestReadyRevision() : revision;
        return found.substring(found.lastIndexOf('/') + 1);
    }

    private static boolean isLatest(TrafficTargetAllocationType type) {
        return type == TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST;
    }
}
