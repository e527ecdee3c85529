package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Kubernetes cluster in one process: an API server over HTTPS with its controllers, whose pods are containers on loopback.
 * It knows the kinds and the rules that a deployment meets, and refuses what a real one refuses. kubectl works with it.
 */
public final class KubeServer implements AutoCloseable {
    final Store store = new Store();

    /** The admitted callers, by token. */
    final Map<String, Identity> tokens = new ConcurrentHashMap<>();

    /** Whether a Deployment is refused in words that repeat the request, and the content of Secrets. */
    volatile boolean echo;

    private boolean slow;

    private boolean blind;

    private volatile String told = "";

    /** The status to answer the next requests with, for instance 503. */
    final List<Integer> faults = new CopyOnWriteArrayList<>();

    /** Beginnings of {@code METHOD path} whose next answer gets lost, after what was asked for is done. */
    final List<String> lost = new CopyOnWriteArrayList<>();

    /** {@code METHOD path} of every request. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** Nothing, at first. */
    public volatile WireServer.Between between = WireServer.Between.NOTHING;

    final Kubelet kubelet;
    final Calls calls;
    final Cluster cluster = new Cluster(store);
    final Ingresses ingresses;
    final Gateways gateways;

    /** Whether the cluster has the kinds of the Gateway API. */
    volatile boolean knowsGateways = true;

    private final HttpsTransport transport;
    private final ScheduledExecutorService controllers = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "controllers");
        thread.setDaemon(true);
        return thread;
    });

    /** The exceptions of controllers: no test passes with one. */
    final List<String> troubles = new CopyOnWriteArrayList<>();

    /**
     * @param pullable which images the registry has
     * @param milliCpus of the largest node
     * @param fronts the loopback port of each Ingress and Gateway, by its name; any port for others
     */
    public KubeServer(Hosts hosts, Predicate<String> pullable, int milliCpus, Map<String, Integer> fronts)
            throws IOException {
        kubelet = new Kubelet(store, hosts, pullable, milliCpus);
        calls = new Calls(store, kubelet);
        ingresses = new Ingresses(store, kubelet, fronts);
        gateways = new Gateways(store, kubelet, fronts);
        tokens.put("admin", new Identity("deployer@example.iam.gserviceaccount.com", Set.of()));
        calls.namespace("default");
        // On a connection that it has used before, the JDK's client makes a request without an answer again by itself.
        transport = new HttpsTransport(
                request -> between.answer(request, this::answer),
                this::watch,
                this::forward,
                () -> between == WireServer.Between.NOTHING);
        controllers.scheduleWithFixedDelay(this::tick, 0, 50, TimeUnit.MILLISECONDS);
    }

    public URI url() {
        return transport.url();
    }

    /** Returns the PEM of the authority. */
    public String certificate() {
        return transport.authority().pem();
    }

    /** Lets {@code token} do everything. */
    public void allow(String token) {
        tokens.put(token, new Identity("deployer@example.iam.gserviceaccount.com", Set.of()));
    }

    /** Admits {@code token} as an account that is known by its number, for which no RoleBinding holds. */
    void allowNumber(String token) {
        tokens.put(token, new Identity("112233445566778899000", Set.of(Identity.EVERYTHING)));
    }

    /** Makes it accept clients of HTTP/2, and refuse the token of each as {@link GoAway} does. */
    void http2() {
        transport.http2();
    }

    /** Sets whether load balancers admit no caller. */
    void guarded(boolean closed) {
        ingresses.closed = closed;
    }

    /** Sets whether no pod gets any further for now, once a tick that is under way has ended. */
    synchronized void slow(boolean set) {
        slow = set;
    }

    /** Sets whether controllers see nothing for now, once a tick that is under way has ended. */
    synchronized void blind(boolean set) {
        blind = set;
    }

    private synchronized void tick() {
        if (blind) {
            return;
        }
        try {
            cluster.tick();
            if (!slow) {
                kubelet.tick();
            }
            cluster.tick();
            ingresses.tick();
            gateways.tick();
        } catch (Exception e) {
            java.io.StringWriter trace = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(trace, true));
            troubles.add(trace.toString());
        }
    }

    private Identity identity(Request request) {
        String token = request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
        Identity found = tokens.get(token);
        if (found == null) {
            throw new Refusal(401, "Unauthorized", "Unauthorized");
        }
        return found;
    }

    private Answer answer(Request request) throws Exception {
        requests.add(request.method() + " " + request.path());
        try {
            if (!faults.isEmpty()) {
                int status = faults.remove(0);
                throw new Refusal(status, "Fault", "a fault of the server");
            }
            Identity who = identity(request);
            if (!knowsGateways
                    && request.path()
                            .startsWith("/apis/" + Resource.ofKind("Gateway").group())) {
                throw new Refusal(404, "NotFound", "the server could not find the requested resource");
            }
            if (echo && request.method().equals("PATCH") && request.path().contains("/deployments/")) {
                throw new Refusal(422, "Invalid", "the Deployment is invalid: " + told + " " + request.said());
            }
            if (echo && request.text().contains("\"Secret\"")) {
                told += request.said();
            }
            Optional<Answer> found = Discovery.answer(request.path())
                    .or(() -> Reviews.answer(request, who))
                    .map(json -> Answer.json(200, json.toString()));
            if (found.isPresent()) {
                return found.get();
            }
            Routes route = Routes.of(request.path())
                    .orElseThrow(
                            () -> new Refusal(404, "NotFound", "the server could not find the requested resource"));
            allowed(who, request, route);
            Answer answer = calls.answer(request, route);
            String asked = request.method() + " " + request.path();
            if (lost.removeIf(asked::startsWith)) {
                throw new Refusal(500, "InternalError", "the answer got lost");
            }
            return answer;
        } catch (Refusal e) {
            return Answer.json(e.code, e.status());
        }
    }

    private static void allowed(Identity who, Request request, Routes route) {
        allowed(who, route.verb(request.method(), request.query()), route);
    }

    private static void allowed(Identity who, String verb, Routes route) {
        // A Namespace is in itself, so that its Role can allow to read it (apiserver,
        // pkg/endpoints/request/requestinfo.go).
        String namespace = route.resource().namespaced() ? route.namespace() : route.name();
        if (!who.may(namespace, route.resource().group(), route.right(), verb, route.name())) {
            throw new Refusal(
                    403,
                    "Forbidden",
                    route.right() + " is forbidden: User \"" + who.user() + "\" cannot " + verb + " resource \""
                            + route.right() + "\" in API group \""
                            + route.resource().group() + "\"");
        }
    }

    /** Watches are streamed; everything else is answered. */
    private boolean watch(Request request, HttpsTransport.Lines lines) throws IOException {
        boolean asked = request.query().getOrDefault("watch", "").matches("true|1");
        Optional<Routes> route = Routes.of(request.path());
        if (!asked || route.isEmpty() || !request.method().equals("GET")) {
            return false;
        }
        synchronized (requests) {
            requests.add("WATCH " + request.path());
            requests.notifyAll();
        }
        try {
            allowed(identity(request), request, route.get());
        } catch (Refusal e) {
            return false;
        }
        long from = Long.parseLong(request.query().getOrDefault("resourceVersion", Long.toString(store.version())));
        long end = System.currentTimeMillis()
                + 1000 * Long.parseLong(request.query().getOrDefault("timeoutSeconds", "60"));
        try {
            while (System.currentTimeMillis() < end) {
                Optional<List<Store.Event>> events =
                        store.since(from, route.get().resource(), 500);
                if (events.isEmpty()) {
                    lines.write("{\"type\":\"ERROR\",\"object\":"
                            + new Refusal(410, "Expired", "too old resource version: " + from).status() + "}");
                    return true;
                }
                for (Store.Event event : events.get()) {
                    from = event.version();
                    if (calls.matches(
                            event.object(), request.query(), route.get().namespace())) {
                        lines.write("{\"type\":\"" + event.type() + "\",\"object\":" + event.object() + "}");
                    }
                }
                if (events.get().isEmpty() && request.query().containsKey("allowWatchBookmarks")) {
                    lines.write(bookmark(route.get().resource()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** The port of a pod. */
    private void forward(Request request, InputStream in, OutputStream out) throws IOException {
        requests.add("FORWARD " + request.path());
        URI pod;
        try {
            Routes route = Routes.of(request.path())
                    .filter(r -> r.sub().equals("portforward"))
                    .orElseThrow(() -> new Refusal(400, "BadRequest", "Upgrade request required"));
            Identity who = identity(request);
            for (String verb : List.of("get", "create")) {
                allowed(who, verb, route);
            }
            Refusal unfit = Forwards.unfit(request);
            if (unfit != null) {
                throw unfit;
            }
            calls.unreachable();
            pod = kubelet.address(route.name()).orElseThrow(() -> Refusal.notFound(route.resource(), route.name()));
        } catch (Refusal e) {
            Forwards.refuse(e, out);
            return;
        }
        new Forwards(transport.threads()).carry(request, pod, in, out);
    }

    private String bookmark(Resource resource) {
        ObjectNode object = Cluster.JSON.createObjectNode();
        object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        object.putObject("metadata").put("resourceVersion", Long.toString(store.version()));
        JsonNode event = Cluster.JSON.valueToTree(Map.of("type", "BOOKMARK", "object", object));
        return event.toString();
    }

    @Override
    public void close() {
        // They are not interrupted: the hosts' next close ends what they start right now.
        controllers.shutdown();
        try {
            controllers.awaitTermination(600, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transport.close();
        ingresses.close();
        gateways.close();
    }
}
