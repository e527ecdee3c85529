package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.operation.Subject;

/**
 * A deployment on its way, as operations wait for it.
 *
 * @param deployment the name of the Deployment
 * @param id the id of what it is to run
 * @param service through which it is proven
 * @param ingress through which it is proven too, by address and Host header; "" = not
 */
record GkeWaitConditions(String deployment, String id, String service, String ingress) {
    static final String KIND = "rollout";

    String text() {
        return String.join(" ", deployment, id, service, ingress.isEmpty() ? "-" : ingress);
    }

    static GkeWaitConditions read(String text) {
        String[] parts = text.split(" ");
        return new GkeWaitConditions(parts[0], parts[1], parts[2], parts[3].equals("-") ? "" : parts[3]);
    }

    Subject subject() {
        return new Subject(KIND, text());
    }
}
