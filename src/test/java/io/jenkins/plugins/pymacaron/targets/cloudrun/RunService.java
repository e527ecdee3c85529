package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One service as the API shows it: its wanted state, its real state, and its revisions. Guarded by itself. */
final class RunService {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> FIELDS = List.of(
            "annotations",
            "labels",
            "template",
            "traffic",
            "ingress",
            "scaling",
            "description",
            "client",
            "invokerIamDisabled",
            "defaultUriDisabled",
            "iapEnabled");

    /** The end of the name of a revision for which the client has given none. */
    static final String UNNAMED = "-abc";

    final String path;
    final String id;
    ObjectNode service = JSON.objectNode();
    final Map<String, ObjectNode> revisions = new TreeMap<>();
    ObjectNode policy = JSON.objectNode().put("etag", "cDA=").put("version", 1);
    /** The reason that the traffic cannot move, reported only by the operation; "" if it can. */
    String refuses = "";

    /** The names of revisions that a client has read. */
    final Set<String> read = ConcurrentHashMap.newKeySet();

    /** Drained, and not retired yet. */
    final Set<String> retiring = ConcurrentHashMap.newKeySet();

    /** The number of requests that are still refused after everybody has got the right to make them. */
    final AtomicInteger refusals = new AtomicInteger();

    /** For how many requests after a change of the traffic some of the routers still use the state before. */
    volatile int lag;

    final AtomicInteger late = new AtomicInteger();
    private JsonNode routed = JSON.arrayNode();

    private int generation;
    private int policies;
    private int unnamed;

    RunService(String path) {
        this.path = path;
        this.id = path.substring(path.lastIndexOf('/') + 1);
    }

    /** Takes over what is told; the revision that is to be made with it, "" for none. */
    String change(ObjectNode told, Set<String> fields) throws Refusal {
        String etag = told.path("etag").asText();
        if (!etag.isEmpty() && !etag.equals(service.path("etag").asText())) {
            throw Refusal.conflict(id);
        }
        for (String field : fields) {
            if (!FIELDS.contains(field.replaceFirst("\\..*", ""))) {
                throw Refusal.invalid("update_mask: unknown field " + field);
            }
        }
        ObjectNode next = Mask.merge(service, told, fields.isEmpty() ? Set.copyOf(FIELDS) : fields);
        ObjectNode template = next.withObject("/template");
        Defaults.fill(template);
        boolean differs = !template.equals(service.path("template"));
        String named = template.path("revision").asText();
        String made = differs ? named.isEmpty() ? id + "-0000" + ++unnamed + UNNAMED : named : "";
        if (differs ? revisions.containsKey(made) : touchesName(named, fields)) {
            throw Refusal.exists("Revision named '" + named + "' with different configuration already exists.");
        }
        Rules.service(id, next);
        boolean first = revisions.isEmpty();
        if (first
                && next.path("traffic").size() > 0
                && next.path("traffic").path(0).path("percent").asInt() == 0) {
            throw Refusal.invalid("traffic: the first revision of a service gets all of it");
        }
        service = next;
        generation++;
        service.put("name", path)
                .put("generation", Integer.toString(generation))
                .put("etag", "\"e" + generation + "\"")
                .put("updateTime", now())
                .put("reconciling", true);
        if (!service.has("createTime")) {
            service.put("createTime", now()).put("uid", "uid-" + id).put("creator", Tokens.EMAIL);
        }
        service.put("lastModifier", Tokens.EMAIL).put("launchStage", "GA");
        pend();
        if (service.path("ingress").asText("INGRESS_TRAFFIC_UNSPECIFIED").equals("INGRESS_TRAFFIC_UNSPECIFIED")) {
            service.put("ingress", "INGRESS_TRAFFIC_ALL");
        }
        if (!made.isEmpty()) {
            make(made, template);
        }
        return made;
    }

    /**
     * Returns whether the update touches a named revision, by reports of services whose template names one: each update
     * but one of the traffic alone counts as a change of that revision (googleapis/google-cloud-python#14259 with the
     * mask {@code scaling.minInstanceCount}, #11870 without a mask).
     */
    private boolean touchesName(String named, Set<String> fields) {
        return !named.isEmpty() && !fields.equals(Set.of("traffic"));
    }

    /** Says that a change was accepted and is not done yet, as a recorded service does (run-examples.jsonl). */
    void pend() {
        service.put("reconciling", true).withObject("/terminalCondition").put("state", "CONDITION_PENDING");
    }

    private void make(String name, ObjectNode template) {
        ObjectNode revision = template.deepCopy();
        revision.remove(List.of("revision"));
        revision.put("name", path + "/revisions/" + name)
                .put("service", path)
                .put("createTime", now())
                .put("reconciling", true)
                .put("generation", "1");
        conditions(revision, "CONDITION_RECONCILING", "Deploying revision");
        revisions.put(name, revision);
        service.put("latestCreatedRevision", path + "/revisions/" + name);
    }

    private static void condition(ObjectNode condition, String state, String message) {
        condition(condition, "Ready", state, message);
    }

    private static void condition(ObjectNode condition, String type, String state, String message) {
        condition.put("type", type).put("state", state).put("lastTransitionTime", now());
        if (!message.isEmpty()) {
            condition.put("message", message);
        }
    }

    /** Sets each of the conditions that a revision has, in no fixed order. */
    private static void conditions(ObjectNode revision, String state, String message) {
        ArrayNode conditions = revision.putArray("conditions");
        condition(conditions.addObject(), "Active", "CONDITION_SUCCEEDED", "");
        condition(conditions.addObject(), "ContainerHealthy", state, message);
        condition(conditions.addObject(), "ContainerReady", "CONDITION_SUCCEEDED", "");
        condition(conditions.addObject(), "Ready", state, message);
        condition(conditions.addObject(), "ResourcesAvailable", "CONDITION_SUCCEEDED", "");
    }

    private static JsonNode ready(JsonNode revision) {
        for (JsonNode condition : revision.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition;
            }
        }
        return JSON.objectNode();
    }

    /** A revision can serve, or never will. @param trouble why, "" if it can */
    void started(String name, String trouble) {
        ObjectNode revision = revisions.get(name);
        if (revision == null) {
            return;
        }
        revision.put("reconciling", false);
        conditions(revision, trouble.isEmpty() ? "CONDITION_SUCCEEDED" : "CONDITION_FAILED", trouble);
        if (trouble.isEmpty()) {
            service.put("latestReadyRevision", path + "/revisions/" + name);
        }
    }

    static boolean isReady(JsonNode revision) {
        return ready(revision).path("state").asText().equals("CONDITION_SUCCEEDED");
    }

    /**
     * The traffic follows, if all that is to get some can serve.
     *
     * @param url of the service or, by tag, of a tag
     * @return why what was told cannot be done, "" if it can
     */
    String settle(java.util.function.Function<String, String> url) {
        if (!refuses.isEmpty()) {
            service.put("reconciling", false);
            return refuses;
        }
        ArrayNode statuses = JSON.arrayNode();
        boolean all = true;
        String gone = "";
        for (JsonNode target : service.path("traffic")) {
            if (!revisions.containsKey(revision(target))) {
                gone = "Revision '" + revision(target)
                        + "' does not exist or is deleted. Update all traffic to route to"
                        + " currently available revisions.";
            }
            ObjectNode status = target.deepCopy();
            String tag = target.path("tag").asText();
            all &= isReady(revisions.getOrDefault(revision(target), JSON.objectNode())) || !tag.isEmpty();
            if (!tag.isEmpty()) {
                status.put("uri", url.apply(tag));
            }
            statuses.add(status);
        }
        if (all) {
            if (!statuses.equals(service.path("trafficStatuses"))) {
                routed = service.path("trafficStatuses");
                late.set(routed.isEmpty() ? 0 : lag);
            }
            service.set("trafficStatuses", statuses);
            service.put("observedGeneration", service.path("generation").asText());
        }
        if (!service.path("latestReadyRevision").isMissingNode()) {
            service.put("uri", url.apply(""));
            service.putArray("urls").add(url.apply(""));
        }
        String latest = service.path("latestCreatedRevision").asText();
        ObjectNode made = revisions.getOrDefault(latest.substring(latest.lastIndexOf('/') + 1), JSON.objectNode());
        String trouble = !gone.isEmpty()
                ? gone
                : isReady(made)
                        ? ""
                        : "Revision '" + latest.substring(latest.lastIndexOf('/') + 1)
                                + "' is not ready and cannot serve traffic. "
                                + ready(made).path("message").asText();
        boolean good = all && trouble.isEmpty();
        condition(service.putObject("terminalCondition"), good ? "CONDITION_SUCCEEDED" : "CONDITION_FAILED", trouble);
        ArrayNode conditions = service.putArray("conditions");
        condition(conditions.addObject(), "RoutesReady", all ? "CONDITION_SUCCEEDED" : "CONDITION_FAILED", gone);
        condition(
                conditions.addObject(),
                "ConfigurationsReady",
                isReady(made) ? "CONDITION_SUCCEEDED" : "CONDITION_FAILED",
                isReady(made) ? "" : trouble);
        service.put("reconciling", false);
        return trouble;
    }

    private String revision(JsonNode target) {
        String latest = service.path("latestReadyRevision").asText();
        return target.path("revision").asText(latest.substring(latest.lastIndexOf('/') + 1));
    }

    /**
     * Returns the revision that answers at a tag, or by a number from 0 to 99 at the service itself; "" for none.
     * "Traffic routing adjustments are not instantaneous": for a while either the new or the previous revision answers
     * (Cloud Run documentation, "Rollbacks, gradual rollouts, and traffic migration").
     */
    String answers(String tag, int draw) {
        boolean old = tag.isEmpty() && late.getAndUpdate(left -> left == 0 ? 0 : left - 1) % 2 == 1;
        int sum = 0;
        for (JsonNode status : old ? routed : service.path("trafficStatuses")) {
            if (tag.isEmpty()) {
                sum += status.path("percent").asInt();
                if (draw < sum) {
                    return revision(status);
                }
            } else if (status.path("tag").asText().equals(tag)) {
                return revision(status);
            }
        }
        return "";
    }

    void delete(String name) throws Refusal {
        if (!revisions.containsKey(name)) {
            throw Refusal.missing(path + "/revisions/" + name);
        }
        for (String list : List.of("traffic", "trafficStatuses")) {
            for (JsonNode target : service.path(list)) {
                if (revision(target).equals(name)) {
                    throw serving(name);
                }
            }
        }
        if (service.path("latestCreatedRevision").asText().endsWith("/" + name)) {
            throw Refusal.precondition("Revision '" + name + "' cannot be deleted: it is the latest of its service");
        }
        if (retiring.contains(name)) {
            throw serving(name);
        }
        revisions.remove(name);
    }

    /** Returns the words of hashicorp/waypoint#814. */
    private static Refusal serving(String name) {
        return Refusal.precondition(
                "Revision \"" + name + "\" cannot be directly deleted because it is actively serving.");
    }

    /** Returns whether a request from outside of the project's networks is admitted. */
    boolean takesFromAnywhere() {
        return Set.of("", "INGRESS_TRAFFIC_UNSPECIFIED", "INGRESS_TRAFFIC_ALL")
                .contains(service.path("ingress").asText());
    }

    /** Returns whether a request without a token is admitted: a new grant takes its time. */
    boolean lets() {
        return isPublic() && refusals.getAndUpdate(left -> left == 0 ? 0 : left - 1) == 0;
    }

    void setPolicy(ObjectNode told) throws Refusal {
        String etag = told.path("etag").asText();
        if (!etag.isEmpty() && !etag.equals(policy.path("etag").asText())) {
            throw Refusal.conflict(id);
        }
        policy = told.deepCopy();
        policy.put(
                "etag",
                java.util.Base64.getEncoder()
                        .encodeToString(("p" + ++policies).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    boolean isPublic() {
        if (service.path("invokerIamDisabled").asBoolean()) {
            return true;
        }
        for (JsonNode binding : policy.path("bindings")) {
            for (JsonNode member : binding.path("members")) {
                if (binding.path("role").asText().equals("roles/run.invoker")
                        && member.asText().equals("allUsers")) {
                    return true;
                }
            }
        }
        return false;
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
