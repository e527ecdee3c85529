package io.jenkins.plugins.pymacaron.target.cloudrun;

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
import java.util.TreeSet;

/** One service as the API shows it: what it was told, what it does, and its revisions. Guarded by itself. */
final class RunService {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> FIELDS =
            List.of("annotations", "labels", "template", "traffic", "ingress", "scaling", "description", "client");

    final String path;
    final String id;
    ObjectNode service = JSON.objectNode();
    final Map<String, ObjectNode> revisions = new TreeMap<>();
    ObjectNode policy = JSON.objectNode().put("etag", "cDA=").put("version", 1);
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
        ObjectNode next = service.deepCopy();
        for (String field : fields.isEmpty() ? FIELDS : List.copyOf(fields)) {
            if (told.has(field)) {
                next.set(field, told.get(field));
            } else {
                next.remove(field);
            }
        }
        ObjectNode template = next.withObject("/template");
        boolean differs = !template.equals(service.path("template"));
        if (differs
                && template.path("revision")
                        .asText()
                        .equals(service.path("template").path("revision").asText())
                && !service.path("template").isMissingNode()
                && template.path("revision").asText().isEmpty()) {
            template.remove("revision");
        }
        String made = differs ? template.path("revision").asText(id + "-0000" + ++unnamed) : "";
        if (differs && revisions.containsKey(made)) {
            throw Refusal.exists("Revision named '" + made + "' with different configuration already exists.");
        }
        Set<String> known = new TreeSet<>(revisions.keySet());
        known.add(made);
        Rules.service(id, next, known);
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
            service.put("createTime", now()).put("uid", "uid-" + id);
        }
        if (!made.isEmpty()) {
            make(made, template);
        }
        return made;
    }

    private void make(String name, ObjectNode template) {
        ObjectNode revision = template.deepCopy();
        revision.remove(List.of("revision"));
        revision.put("name", path + "/revisions/" + name)
                .put("service", path)
                .put("createTime", now())
                .put("reconciling", true)
                .put("generation", "1");
        condition(revision.putArray("conditions").addObject(), "CONDITION_RECONCILING", "Deploying revision");
        revisions.put(name, revision);
        service.put("latestCreatedRevision", path + "/revisions/" + name);
    }

    private static void condition(ObjectNode condition, String state, String message) {
        condition
                .put("type", "Ready")
                .put("state", state)
                .put("message", message)
                .put("lastTransitionTime", now());
    }

    /** A revision can serve, or never will. @param trouble why, "" if it can */
    void started(String name, String trouble) {
        ObjectNode revision = revisions.get(name);
        if (revision == null) {
            return;
        }
        revision.put("reconciling", false);
        condition(
                revision.putArray("conditions").addObject(),
                trouble.isEmpty() ? "CONDITION_SUCCEEDED" : "CONDITION_FAILED",
                trouble);
        if (trouble.isEmpty()) {
            service.put("latestReadyRevision", path + "/revisions/" + name);
        }
    }

    static boolean isReady(JsonNode revision) {
        return revision.path("conditions").path(0).path("state").asText().equals("CONDITION_SUCCEEDED");
    }

    /** The traffic follows, if all that is to get some can serve. @param url of the service or, by tag, of a tag */
    void settle(java.util.function.Function<String, String> url) {
        ArrayNode statuses = JSON.arrayNode();
        boolean all = true;
        for (JsonNode target : service.path("traffic")) {
            ObjectNode status = target.deepCopy();
            String tag = target.path("tag").asText();
            all &= isReady(revisions.getOrDefault(revision(target), JSON.objectNode())) || !tag.isEmpty();
            if (!tag.isEmpty()) {
                status.put("uri", url.apply(tag));
            }
            statuses.add(status);
        }
        if (all) {
            service.set("trafficStatuses", statuses);
            service.put("observedGeneration", service.path("generation").asText());
        }
        if (!service.path("latestReadyRevision").isMissingNode()) {
            service.put("uri", url.apply(""));
        }
        String latest = service.path("latestCreatedRevision").asText();
        ObjectNode made = revisions.getOrDefault(latest.substring(latest.lastIndexOf('/') + 1), JSON.objectNode());
        String trouble = made.path("conditions").path(0).path("message").asText();
        condition(
                service.putObject("terminalCondition"),
                all && isReady(made) ? "CONDITION_SUCCEEDED" : "CONDITION_FAILED",
                isReady(made) ? "" : "Revision '" + id + "' is not ready and cannot serve traffic. " + trouble);
        service.put("reconciling", false);
    }

    private String revision(JsonNode target) {
        String latest = service.path("latestReadyRevision").asText();
        return target.path("revision").asText(latest.substring(latest.lastIndexOf('/') + 1));
    }

    /** Which revision answers at a tag, or by a number from 0 to 99 at the service itself; "" for none. */
    String answers(String tag, int draw) {
        int sum = 0;
        for (JsonNode status : service.path("trafficStatuses")) {
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
                    throw Refusal.precondition("Revision '" + name + "' cannot be deleted: it is used by traffic");
                }
            }
        }
        if (service.path("latestCreatedRevision").asText().endsWith("/" + name)) {
            throw Refusal.precondition("Revision '" + name + "' cannot be deleted: it is the latest of its service");
        }
        revisions.remove(name);
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

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
