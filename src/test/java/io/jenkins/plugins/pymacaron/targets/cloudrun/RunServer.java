package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Cloud Run Admin API v2 on loopback, with the token endpoint: the calls of a deployment, as strict about them as the
 * published description and the service's own rules are. The images really run, on {@link Hosts}, and what they write is in a Cloud Logging.
 */
public final class RunServer implements AutoCloseable {
    private static final Pattern SERVICES = Pattern.compile("/v2/(projects/[^/]+/locations/[^/]+)/services");
    private static final Pattern SERVICE =
            Pattern.compile("/v2/(projects/[^/]+/locations/[^/]+/services/[^/:]+)(?::([A-Za-z]+))?");
    private static final Pattern REVISIONS =
            Pattern.compile("/v2/(projects/[^/]+/locations/[^/]+/services/[^/:]+)/revisions(?:/([^/]+))?");
    private static final Pattern OPERATION =
            Pattern.compile("/v2/(projects/[^/]+/locations/[^/]+/operations/[^/:]+)(?::wait)?");
    private static final Set<String> ANYWHERE = Set.of("$alt", "alt");
    private static final String PREFIX = "GoogleCloudRunV2";

    private final ObjectMapper json = new ObjectMapper();
    private final Discovery discovery = new Discovery("run-v2.json");
    private final LogServer log = new LogServer(this::log);
    final Tokens tokens;
    final WireServer wire;
    final Map<String, RunService> services = new ConcurrentHashMap<>();
    /** The time after which a deleted service is forgotten (run-examples.jsonl). */
    private static final Duration KEPT = Duration.ofDays(30);

    private final Operations operations = new Operations();
    final Reconciler reconciler;

    /** The number of requests of a new service that are refused after everybody has got the right to make them. */
    int refusals;

    /** The condition that a deletion of a service waits for. */
    volatile CountDownLatch deletions = new CountDownLatch(0);

    /** Permissions that services do not know: a question for one of them is refused whole. */
    final Set<String> unknown = ConcurrentHashMap.newKeySet();

    /** All rights of the account, by the names of permissions; empty = everything. */
    final Set<String> granted = ConcurrentHashMap.newKeySet();

    /** The rights that the account lacks, by the names of permissions. */
    final Set<String> denied = ConcurrentHashMap.newKeySet();

    /** @param ports by service id, where it has to answer; others get any port */
    public RunServer(int port, Hosts hosts, Map<String, Integer> ports) throws Exception {
        tokens = new Tokens();
        reconciler = new Reconciler(hosts, ports, tokens);
        wire = WireServer.start(port, this::answer);
    }

    String tokenUri() {
        return wire.url() + "/token";
    }

    public String key() {
        return tokens.key(tokenUri());
    }

    /** Whether nothing is changed, and the refusal repeats the request. */
    volatile boolean echo;

    /** Whether it refuses validations in that way, too. */
    volatile boolean echoesValidation;

    private Answer answer(Request request) throws Exception {
        try {
            if (echo
                    && request.path().startsWith("/v2/")
                    && !request.method().equals("GET")
                    && (echoesValidation || !isRehearsal(request))) {
                throw Refusal.invalid("not valid: " + request.said());
            }
            if (request.path().equals("/token")) {
                return tokens.answer(request, tokenUri());
            }
            if (!tokens.isAccess(request)) {
                throw new Refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
            }
            if (request.path().equals("/v2/entries:list")) {
                permit("logging.logEntries.list", "projects/my-project");
                return log.answer(body(request));
            }
            return route(request);
        } catch (Refusal e) {
            return e.answer();
        }
    }

    private Answer route(Request request) throws Exception {
        String method = request.headers().getOrDefault("x-http-method-override", request.method());
        Matcher m = SERVICES.matcher(request.path());
        if (m.matches()) {
            return method.equals("POST") ? create(request, m.group(1)) : list(request);
        }
        m = REVISIONS.matcher(request.path());
        if (m.matches()) {
            String right = method.equals("DELETE") ? "delete" : m.group(2) == null ? "list" : "get";
            permit("run.revisions." + right, m.group(1));
            return revisions(request, method, find(m.group(1)), m.group(2));
        }
        m = OPERATION.matcher(request.path());
        if (m.matches()) {
            permit("run.operations.get", m.group(1));
            return good("GoogleLongrunningOperation", operations.find(m.group(1)));
        }
        m = SERVICE.matcher(request.path());
        if (!m.matches()) {
            throw Refusal.missing(request.path());
        }
        String path = m.group(1);
        return switch (method + " " + (m.group(2) == null ? "" : m.group(2))) {
            case "GET " -> {
                query(request, "services.get");
                permit("run.services.get", path);
                RunService service = find(path);
                synchronized (service) {
                    yield good(PREFIX + "Service", service.service);
                }
            }
            case "PATCH " -> patch(request, path);
            case "DELETE " -> delete(request, path);
            case "GET getIamPolicy" -> {
                permit("run.services.getIamPolicy", path);
                RunService service = find(path);
                synchronized (service) {
                    yield good("GoogleIamV1Policy", service.policy);
                }
            }
            case "POST setIamPolicy" -> {
                permit("run.services.setIamPolicy", path);
                RunService service = find(path);
                JsonNode body = discovery.input("GoogleIamV1SetIamPolicyRequest", body(request), "request");
                synchronized (service) {
                    service.setPolicy((ObjectNode) body.path("policy"));
                    yield good("GoogleIamV1Policy", service.policy);
                }
            }
            case "POST testIamPermissions" -> {
                find(path);
                ObjectNode body = discovery.input("GoogleIamV1TestIamPermissionsRequest", body(request), "request");
                for (JsonNode name : body.path("permissions")) {
                    if (unknown.contains(name.asText())) {
                        throw Refusal.invalid("Permission " + name.asText() + " is not valid for this resource.");
                    }
                }
                ObjectNode allowed = JsonNodeFactory.instance.objectNode();
                ArrayNode names = allowed.putArray("permissions");
                body.path("permissions").forEach(name -> {
                    if (!denied.contains(name.asText()) && (granted.isEmpty() || granted.contains(name.asText()))) {
                        names.add(name);
                    }
                });
                yield good("GoogleIamV1TestIamPermissionsResponse", allowed);
            }
            default -> throw new Refusal(404, "NOT_FOUND", method + " " + request.path());
        };
    }

    private String log(String service, String revision) {
        return services.values().stream().anyMatch(s -> s.id.equals(service) && s.revisions.containsKey(revision))
                ? reconciler.log(revision)
                : "";
    }

    private void query(Request request, String method) throws Refusal {
        for (String name : request.query().keySet()) {
            if (!ANYWHERE.contains(name) && !discovery.query(method).contains(name)) {
                throw Refusal.invalid(
                        "Invalid JSON payload received. Unknown name \"" + name + "\": Cannot bind query parameter.");
            }
        }
    }

    private void permit(String permission, String path) throws Refusal {
        if (denied.contains(permission) || !granted.isEmpty() && !granted.contains(permission)) {
            throw Refusal.denied(permission, path);
        }
    }

    private RunService find(String path) throws Refusal {
        RunService service = services.get(path);
        if (service == null) {
            throw Refusal.missing(path);
        }
        return service;
    }

    private JsonNode body(Request request) throws IOException {
        return json.readTree(request.body());
    }

    private Answer list(Request request) throws Refusal {
        query(request, "services.list");
        permit("run.services.list", request.path());
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        ArrayNode list = found.putArray("services");
        services.values().forEach(service -> {
            synchronized (service) {
                list.add(service.service.deepCopy());
            }
        });
        return good(PREFIX + "ListServicesResponse", found);
    }

    private Answer create(Request request, String location) throws Exception {
        query(request, "services.create");
        permit("run.services.create", location);
        String id = request.query().getOrDefault("serviceId", "");
        Rules.name(id);
        ObjectNode told = discovery.input(PREFIX + "Service", body(request), "service");
        Published.service(told);
        actAs(told, JsonNodeFactory.instance.objectNode());
        if (isRehearsal(request)) {
            Rules.service(id, told);
            return rehearsed(told);
        }
        RunService service = new RunService(location + "/services/" + id);
        service.refusals.set(refusals);
        if (services.putIfAbsent(service.path, service) != null) {
            throw Refusal.exists("Resource '" + id + "' already exists.");
        }
        try {
            return changed(service, told, Set.of());
        } catch (Refusal e) {
            services.remove(service.path);
            throw e;
        }
    }

    private Answer patch(Request request, String path) throws Exception {
        query(request, "services.patch");
        permit("run.services.update", path);
        ObjectNode told = discovery.input(PREFIX + "Service", body(request), "service");
        String mask = request.query().getOrDefault("updateMask", "");
        Published.service(told);
        Published.mask(mask);
        Set<String> fields = mask.isEmpty() ? Set.of() : new HashSet<>(Arrays.asList(mask.split(",")));
        RunService service = find(path);
        if (fields.isEmpty() || fields.contains("template")) {
            actAs(told, service.service);
        }
        if (isRehearsal(request)) {
            Rules.service(service.id, told);
            return rehearsed(told);
        }
        return changed(service, told, fields);
    }

    private static boolean isRehearsal(Request request) {
        return request.query().getOrDefault("validateOnly", "").equals("true");
    }

    /** "validated and default values populated, without persisting" (google.cloud.run.v2, validate_only). */
    private Answer rehearsed(ObjectNode told) throws Refusal {
        ObjectNode operation = JsonNodeFactory.instance.objectNode().put("done", true);
        operation.set("response", told.deepCopy());
        operation.withObject("/response").put("@type", "type.googleapis.com/google.cloud.run.v2.Service");
        return good("GoogleLongrunningOperation", operation);
    }

    /** A new revision runs as an account that the one who makes it has to be allowed to be. */
    private void actAs(JsonNode told, JsonNode before) throws Refusal {
        if (!told.path("template").equals(before.path("template"))) {
            permit(
                    "iam.serviceAccounts.actAs",
                    told.at("/template/serviceAccount").asText("the default account"));
        }
    }

    private Answer changed(RunService service, ObjectNode told, Set<String> fields) throws Refusal {
        synchronized (service) {
            String made = service.change(told, fields);
            ObjectNode begun = operations.begin(service.path, service.service, "Service");
            reconciler.begin(service, made, trouble -> operations.end(begun, service.service, "Service", trouble));
            return good("GoogleLongrunningOperation", begun);
        }
    }

    private Answer delete(Request request, String path) throws Refusal {
        query(request, "services.delete");
        permit("run.services.delete", path);
        RunService service = find(path);
        ObjectNode begun;
        synchronized (service) {
            service.service
                    .put("deleteTime", RunService.now())
                    .put(
                            "expireTime",
                            Instant.now()
                                    .plus(KEPT)
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString());
            begun = operations.begin(path, service.service, "Service");
        }
        reconciler.later(() -> {
            deletions.await();
            services.remove(path);
            reconciler.end(service);
            operations.end(begun, service.service, "Service", "");
        });
        return good("GoogleLongrunningOperation", begun);
    }

    private Answer revisions(Request request, String method, RunService service, String name) throws Refusal {
        synchronized (service) {
            if (name == null) {
                query(request, "revisions.list");
                ObjectNode found = JsonNodeFactory.instance.objectNode();
                found.putArray("revisions").addAll(List.copyOf(service.revisions.values()));
                return good(PREFIX + "ListRevisionsResponse", found);
            }
            if (method.equals("DELETE")) {
                query(request, "revisions.delete");
                ObjectNode gone = service.revisions.get(name);
                service.delete(name);
                reconciler.end(service, name);
                ObjectNode begun = operations.begin(service.path, gone, "Revision");
                operations.end(begun, gone, "Revision", "");
                return good("GoogleLongrunningOperation", begun);
            }
            ObjectNode revision = service.revisions.get(name);
            if (revision == null) {
                throw Refusal.missing(service.path + "/revisions/" + name);
            }
            service.read.add(name);
            service.notifyAll();
            return good(PREFIX + "Revision", revision);
        }
    }

    private Answer good(String schema, JsonNode value) throws Refusal {
        discovery.output(schema, value);
        return Answer.json(200, value.toString());
    }

    @Override
    public void close() {
        reconciler.close();
        wire.close();
    }
}
