package io.jenkins.plugins.pymacaron.target.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.accept.LastWords;
import io.jenkins.plugins.pymacaron.target.Environment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a pod will not become ready by waiting. */
final class PodTroubles {
    /** Reasons of a waiting container that waiting does not change, as kubelet names them. */
    private static final Set<String> PULL =
            Set.of("ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError");

    private static final Set<String> CONFIG =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

    /** Of an init container, which may wait for something by ending until that is there; more than a minute. */
    private static final int TRIES = 3;

    /** An autoscaler that could help has said so by then. */
    private static final Duration SCALING = Duration.ofMinutes(1);

    private final Api api;
    private final Environment environment;
    private final InstantSource clock;

    PodTroubles(Api api, Environment environment, InstantSource clock) {
        this.api = api;
        this.environment = environment;
        this.clock = clock;
    }

    Optional<String> of(List<ObjectNode> pods) {
        return pods.stream().flatMap(pod -> of(pod).stream()).findFirst();
    }

    private Optional<String> of(ObjectNode pod) {
        String name = Tree.at(pod, "metadata", "name");
        // Somebody may have added containers that run before ours.
        for (JsonNode container : pod.path("status").path("initContainerStatuses")) {
            Optional<String> trouble = start(container);
            if (trouble.isPresent()) {
                return trouble;
            }
            if (isInLoop(container) && container.path("restartCount").asInt() >= TRIES) {
                return Optional.of(crashed("whose init container " + Tree.at(container, "name"), name, container));
            }
        }
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            Optional<String> trouble = start(container);
            if (trouble.isPresent()) {
                return trouble;
            }
            if (isInLoop(container) || hasEnded(container)) {
                return Optional.of(crashed("that", name, container));
            }
        }
        return unschedulable(pod);
    }

    private static Optional<String> start(JsonNode container) {
        JsonNode waiting = container.path("state").path("waiting");
        String reason = Tree.at(waiting, "reason");
        String said = " (" + reason + "): " + Tree.at(waiting, "message");
        if (PULL.contains(reason)) {
            return Optional.of("cannot pull its image" + said);
        }
        return CONFIG.contains(reason) ? Optional.of("cannot start its container" + said) : Optional.empty();
    }

    /** Kubelet says so from the first restart on. */
    private static boolean isInLoop(JsonNode container) {
        return Tree.at(container, "state", "waiting", "reason").equals("CrashLoopBackOff");
    }

    /** A service that ends once is not fit to serve. */
    private static boolean hasEnded(JsonNode container) {
        return container.path("restartCount").asInt() > 0
                && !container.path("ready").asBoolean()
                && !Tree.at(container, "state", "terminated", "reason").equals("Completed");
    }

    private String crashed(String which, String pod, JsonNode container) {
        JsonNode last = container.path("lastState").path("terminated");
        String why = "OOMKilled".equals(Tree.at(last, "reason"))
                ? "for want of memory"
                : "with exit code " + last.path("exitCode").asInt();
        String log = log(pod, Tree.at(container, "name"), true);
        return "has a pod " + which + " ended " + why + (log.isBlank() ? "" : "; its last lines:\n    " + log);
    }

    private String log(String pod, String container, boolean previous) {
        try {
            return String.join(
                    "\n    ", LastWords.of(environment.shown(api.log(pod, container, previous, LastWords.READ))));
        } catch (KubernetesClientException e) {
            return "";
        }
    }

    private Optional<String> unschedulable(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            boolean stuck = Tree.at(condition, "type").equals("PodScheduled")
                    && Tree.at(condition, "reason").equals("Unschedulable");
            if (stuck) {
                Set<String> events = events(Tree.at(pod, "metadata", "name"));
                String since = Tree.at(condition, "lastTransitionTime");
                boolean late =
                        !since.isEmpty() && Instant.parse(since).plus(SCALING).isBefore(clock.instant());
                boolean helped = events.contains("TriggeredScaleUp");
                if (!helped && (late || events.contains("NotTriggerScaleUp"))) {
                    return Optional.of("has a pod that fits on no node: " + Tree.at(condition, "message"));
                }
            }
        }
        return Optional.empty();
    }

    /** What the autoscaler says of a pod. */
    private Set<String> events(String pod) {
        return api.list(Kind.EVENT, Map.of()).items().stream()
                .filter(event -> pod.equals(Tree.at(event, "involvedObject", "name")))
                .map(event -> Tree.at(event, "reason"))
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }
}
