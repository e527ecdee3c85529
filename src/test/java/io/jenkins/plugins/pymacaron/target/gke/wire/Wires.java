package io.jenkins.plugins.pymacaron.target.gke.wire;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What tests of the target do to the server. */
public final class Wires {
    private Wires() {}

    public static String kubeconfig(KubeServer kube) {
        return GkeDemo.kubeconfig(kube, "admin");
    }

    /** Of somebody with that token, who may do everything. */
    public static String kubeconfig(KubeServer kube, String token) {
        kube.allow(token);
        return GkeDemo.kubeconfig(kube, token);
    }

    /** Has it refuse what is to be deployed in words that repeat all that was asked. */
    public static void echo(KubeServer kube) {
        kube.echo = true;
    }

    /** Lets Google know of the cluster as those of both environments of a service. */
    public static void clusters(GoogleServer google, KubeServer kube, String service) {
        for (String slot : List.of("staging", "live")) {
            google.clusters.add(new GoogleServer.Known(
                    "demo", "europe-west1-b", service + "-" + slot, kube.url().getAuthority(), kube.certificate()));
        }
    }

    /** Lets {@code token} in, but for what it is denied. */
    public static void deny(KubeServer kube, String token, Set<String> denied) {
        kube.tokens.put(token, new Identity("poor@example.iam.gserviceaccount.com", denied));
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

    /** Lets the deletion of an Ingress take that long. */
    public static void finalizing(KubeServer kube, Duration length) {
        kube.calls.finalizing = length;
    }
}
