package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.operation.Subject;

/**
 * The subject that operations wait for: a deployment in progress.
 *
 * @param deployment the name of the Deployment
 * @param id the id of the deployment that it is to run
 * @param service the Service through which it is proven
 * @param balancer the load balancer through which it is proven too, by address and Host header, as {@link LoadBalancer#text}; "" = none
 */
record GkeWaitConditions(String deployment, String id, String service, String balancer) {
    static final String KIND = "rollout";

    String text() {
        return String.join(" ", deployment, id, service, balancer.isEmpty() ? "-" : balancer);
    }

    static GkeWaitConditions read(String text) {
        String[] parts = text.split(" ");
        return new GkeWaitConditions(parts[0], parts[1], parts[2], parts[3].equals("-") ? "" : parts[3]);
    }

    Subject subject() {
        return new Subject(KIND, text());
    }
}
