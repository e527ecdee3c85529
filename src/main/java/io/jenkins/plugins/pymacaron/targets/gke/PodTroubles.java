package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.accept.FailureLog;
import io.jenkins.plugins.pymacaron.targets.Environment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells why a pod will not become ready by waiting. */
final class PodTroubles {
    /** Reasons of a waiting container that waiting does not change, as kubelet names them. */
    private static final Set<String> PULL = Set.of("InvalidImageName", "ErrImageNeverPull", "ImageInspectError");

    /** A failed pull is tried again; only the answer of a registry that there is no such image is final. */
    private static final Set<String> PULL_AGAIN = Set.of("ImagePullBackOff", "ErrImagePull");

    private static final Pattern NO_IMAGE =
            Pattern.compile("not found|manifest unknown|NotFound", Pattern.CASE_INSENSITIVE);

    private static final Set<String> CONFIG =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

    /**
     * The restarts of an init container, which may end until the thing that it waits for is there; they take more than
     * a minute.
     */
    private static final int TRIES = 3;

    private final KubernetesApi api;
    private final Environment environment;

    PodTroubles(KubernetesApi api, Environment environment) {
        this.api = api;
        this.environment = environment;
    }

    Optional<String> of(List<ObjectNode> pods) {
        return pods.stream().flatMap(pod -> of(pod).stream()).findFirst();
    }

    /**
     * Returns the reason why a pod is not there yet, if time may solve it: a new node takes minutes; on Autopilot each
     * first pod waits for a node, and is first told that no node group would help (GKE documentation, "Troubleshoot
     * Autopilot clusters"). The rollout's own deadline ends it.
     */
    Optional<String> passing(List<ObjectNode> pods) {
        return pods.stream().flatMap(pod -> passing(pod).stream()).findFirst();
    }

    private static Optional<String> passing(ObjectNode pod) {
        for (String statuses : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode container : pod.path("status").path(statuses)) {
                JsonNode waiting = container.path("state").path("waiting");
                if (PULL_AGAIN.contains(JsonTree.at(waiting, "reason"))) {
                    return Optional.of("cannot pull its image yet" + said(waiting));
                }
            }
        }
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (JsonTree.at(condition, "type").equals("PodScheduled")
                    && JsonTree.at(condition, "reason").equals("Unschedulable")) {
                return Optional.of("has a pod that fits on no node: " + JsonTree.at(condition, "message"));
            }
        }
        return Optional.empty();
    }

    private Optional<String> of(ObjectNode pod) {
        String name = JsonTree.at(pod, "metadata", "name");
        // Other tools may have added containers that run before ours.
        for (JsonNode container : pod.path("status").path("initContainerStatuses")) {
            Optional<String> trouble = start(container);
            if (trouble.isPresent()) {
                return trouble;
            }
            if (isInLoop(container) && container.path("restartCount").asInt() >= TRIES) {
                return Optional.of(crashed("whose init container " + JsonTree.at(container, "name"), name, container));
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
        return Optional.empty();
    }

    private static Optional<String> start(JsonNode container) {
        JsonNode waiting = container.path("state").path("waiting");
        String reason = JsonTree.at(waiting, "reason");
        boolean none = PULL_AGAIN.contains(reason)
                && NO_IMAGE.matcher(JsonTree.at(waiting, "message")).find();
        if (none || PULL.contains(reason)) {
            return Optional.of("cannot pull its image" + said(waiting));
        }
        String root = JsonTree.at(waiting, "message").contains("runAsNonRoot")
                ? ". Give it a USER with a number in Dockerfile.extra, or set gke_run_as_root: true"
                : "";
        return CONFIG.contains(reason)
                ? Optional.of("cannot start its container" + said(waiting) + root)
                : Optional.empty();
    }

    private static String said(JsonNode waiting) {
        return " (" + JsonTree.at(waiting, "reason") + "): " + JsonTree.at(waiting, "message");
    }

    /** Returns whether it restarts in a loop; kubelet says so from the first restart on. */
    private static boolean isInLoop(JsonNode container) {
        return JsonTree.at(container, "state", "waiting", "reason").equals("CrashLoopBackOff");
    }

    /** Returns whether it has ended: a service that ends once is not fit to serve. */
    private static boolean hasEnded(JsonNode container) {
        return container.path("restartCount").asInt() > 0
                && !container.path("ready").asBoolean()
                && !JsonTree.at(container, "state", "terminated", "reason").equals("Completed");
    }

    private String crashed(String which, String pod, JsonNode container) {
        JsonNode last = container.path("lastState").path("terminated");
        String why = "OOMKilled".equals(JsonTree.at(last, "reason"))
                ? "for want of memory"
                : "with exit code " + last.path("exitCode").asInt();
        return "has a pod " + which + " ended " + why + told(pod, JsonTree.at(container, "name"));
    }

    private String told(String pod, String container) {
        try {
            return FailureLog.told(environment.shown(api.log(pod, container, true, FailureLog.READ)));
        } catch (KubernetesClientException e) {
            return "";
        }
    }
}
