package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.Echo;
import io.jenkins.plugins.pymacaron.targets.cloud.StopAtChange;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Changes of the server for tests of the target. */
public final class Wires {
    private Wires() {}

    public static String kubeconfig(KubeServer kube) {
        return GkeDemo.kubeconfig(kube, "admin");
    }

    /** Returns the kubeconfig of a user with that token, who may do everything. */
    public static String kubeconfig(KubeServer kube, String token) {
        kube.allow(token);
        return GkeDemo.kubeconfig(kube, token);
    }

    /** Makes it accept clients of HTTP/2 too, and refuse the token of each of them in the way of that protocol. */
    public static void http2(KubeServer kube) {
        kube.http2();
    }

    /** Admits no caller any more. */
    public static void forget(KubeServer kube) {
        kube.tokens.clear();
    }

    /** Sets whether controllers see nothing for now. */
    public static void blind(KubeServer kube, boolean blind) {
        kube.blind(blind);
    }

    /** Returns how many watches of that kind were begun. */
    public static long watches(KubeServer kube, String plural) {
        return kube.requests.stream()
                .filter(asked -> asked.startsWith("WATCH ") && asked.endsWith("/" + plural))
                .count();
    }

    /** Returns once there are more of them than {@code before}, within ten minutes. */
    public static void awaitWatch(KubeServer kube, String plural, long before) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        synchronized (kube.requests) {
            while (watches(kube, plural) <= before && System.nanoTime() < end) {
                kube.requests.wait(1000);
            }
        }
    }

    /** Makes it refuse a deployment in words that repeat the request. */
    public static void echo(KubeServer kube) {
        kube.echo = true;
    }

    /** Makes it do all requests, and repeat what it was told. */
    public static void tell(KubeServer kube) {
        kube.between = new Echo();
    }

    /** Makes Google know the cluster as those of both environments of a service. */
    public static void clusters(GoogleServer google, KubeServer kube, String service) {
        for (String slot : List.of("staging", "live")) {
            google.clusters.add(new GoogleServer.Known(
                    "demo", "europe-west1-b", service + "-" + slot, kube.url().getAuthority(), kube.certificate()));
        }
    }

    /** Admits {@code token}, with everything but the denied rights. */
    public static void deny(KubeServer kube, String token, Set<String> denied) {
        kube.tokens.put(token, new Identity("poor@example.iam.gserviceaccount.com", denied));
    }

    /** Admits {@code token} with those rights alone. */
    public static void allow(KubeServer kube, String token, List<Rbac.Right> rights) {
        kube.tokens.put(
                token,
                new Identity("deployer@my-project.iam.gserviceaccount.com", Set.of(), Optional.of(new Rbac(rights))));
    }

    /** Gives the account of {@code google} those permissions alone in the project. */
    public static void permit(GoogleServer google, Set<String> permissions) {
        google.permissions = Optional.of(permissions);
    }

    /** Answers the next requests with those statuses. */
    public static void fail(KubeServer kube, int... statuses) {
        for (int status : statuses) {
            kube.faults.add(status);
        }
    }

    /** Does what the next request that begins so asks for, and answers that it failed. */
    public static void lose(KubeServer kube, String request) {
        kube.lost.add(request);
    }

    /** Makes the deletion of an Ingress take that long. */
    public static void finalizing(KubeServer kube, Duration length) {
        kube.calls.finalizing = length;
    }

    /** Makes it an Autopilot cluster. */
    public static void autopilot(KubeServer kube) {
        kube.calls.autopilot = true;
    }

    /** Takes the reservation of an address away. */
    public static void unreserved(GoogleServer google, String address) {
        google.unreserved.add(address);
    }

    /** Makes a pod take that long to end. */
    public static void ending(KubeServer kube, Duration length) {
        kube.cluster.ending = length;
    }

    /** Ends the pods that are ending, and from now on each pod at once. */
    public static void end(KubeServer kube) {
        synchronized (kube.store) {
            kube.cluster.ending = Duration.ZERO;
            kube.store.list(Cluster.POD, "").stream()
                    .filter(pod -> pod.path("metadata").has("deletionTimestamp"))
                    .forEach(pod -> kube.store.delete(Cluster.POD, Cluster.namespace(pod), Cluster.name(pod)));
        }
    }

    /** A ServiceAccount. */
    public static void account(KubeServer kube, String name) {
        ObjectNode account = Cluster.JSON.createObjectNode();
        account.putObject("metadata").put("name", name).put("namespace", "hello");
        kube.store.put(Resource.ofKind("ServiceAccount"), account);
    }

    /** Admits no caller through the load balancers. */
    public static void guarded(KubeServer kube) {
        kube.guarded(true);
    }

    /** Keeps the health checks of load balancers away from the pods. */
    public static void unhealthy(KubeServer kube) {
        kube.ingresses.blocked = true;
    }

    /** Sets the state of the domain of each certificate. */
    public static void certificates(KubeServer kube, String state) {
        kube.ingresses.visible = state;
    }

    /** Makes it a cluster without the Gateway API. */
    public static void withoutGateways(KubeServer kube) {
        kube.knowsGateways = false;
    }

    /** Lets no Gateway be programmed, for that reason. */
    public static void unprogrammed(KubeServer kube, String why) {
        kube.gateways.trouble = why;
    }

    /** Returns the exceptions that its controllers threw. */
    public static List<String> troubles(KubeServer kube) {
        return kube.troubles;
    }

    /** Sets whether pods stay as they are for now. */
    public static void slowly(KubeServer kube, boolean slow) {
        kube.slow(slow);
    }

    /** Refuses the next so many requests that go on to the kubelet. */
    public static void unreachable(KubeServer kube, int requests) {
        kube.calls.unreachable = requests;
    }

    /** The namespace, with that label or in that phase; "" leaves either as it is. */
    public static void namespace(KubeServer kube, String name, String level, String phase) {
        Resource kind = Resource.ofKind("Namespace");
        if (kube.store.get(kind, "", name).isEmpty()) {
            kube.calls.namespace(name);
        }
        ObjectNode namespace = kube.store.get(kind, "", name).orElseThrow();
        if (!level.isEmpty()) {
            namespace.withObject("/metadata/labels").put("pod-security.kubernetes.io/enforce", level);
        }
        if (!phase.isEmpty()) {
            namespace.withObject("/status").put("phase", phase);
        }
        kube.store.put(kind, namespace);
    }

    /** Tells Google's clusters by what its API says of the ways to their control planes, JSON. */
    public static void ways(GoogleServer google, String config) {
        google.ways = config;
    }

    /** Returns a name for the change that a request asks for; "" if it reads, or rehearses. */
    public static String change(WireServer.Request request) {
        Optional<Routes> route = Routes.of(request.path());
        if (request.method().equals("GET")
                || route.isEmpty()
                || "All".equals(request.query().get("dryRun"))) {
            return "";
        }
        boolean keepsLease = request.method().equals("PUT") && request.path().contains("/leases/");
        return (keepsLease ? StopAtChange.LEASE : "") + request.method() + " " + request.path();
    }

    /** Returns the names of all that the API has, but for those that controllers make of it. */
    public static Set<String> things(KubeServer kube) {
        return objects(kube)
                .filter(name -> !name.startsWith("ReplicaSet") && !name.startsWith("Pod"))
                .collect(Collectors.toSet());
    }

    /** Returns all that is there, sorted; a Pod without the number at the end of its name. */
    public static List<String> state(KubeServer kube) {
        return objects(kube)
                .map(name -> name.replaceFirst("^(Pod .*)-[a-z0-9]+$", "$1"))
                .sorted()
                .toList();
    }

    private static Stream<String> objects(KubeServer kube) {
        return Resource.ALL.stream()
                .filter(kind -> !kind.kind().equals("Event"))
                .flatMap(kind -> kube.store.list(kind, "").stream()
                        .filter(object -> !object.path("metadata").has("deletionTimestamp"))
                        .map(object -> kind.kind() + " " + Cluster.name(object)));
    }
}
