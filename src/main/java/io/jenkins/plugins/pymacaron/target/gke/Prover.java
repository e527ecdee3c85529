package io.jenkins.plugins.pymacaron.target.gke;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.accept.Asking;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.Proof;
import io.jenkins.plugins.pymacaron.target.Unchanged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks for the version: through the API server, which reaches a Service without load balancer, certificate and DNS; and
 * where the Ingress has served before, also there, by its address and the Host header.
 */
final class Prover {
    private final int times;
    private final Asking asking;
    private final Optional<LiveUrl> url;

    Prover(Environment environment) {
        times = environment.config().accept().consecutive();
        // The certificate may be on its way; who answers is known by the address.
        asking = Proof.asking(environment.config(), false);
        url = new FrontManifests(environment, Names.of(environment)).url();
    }

    /** {@link Roll#VERSION}, or {@link Unchanged#ERROR}. */
    Map<String, String> prove(Api api, RolloutSubject subject) {
        Map<String, String> inside = service(api, subject);
        if (subject.ingress().isEmpty() || !inside.containsKey(Roll.VERSION)) {
            return inside;
        }
        Map<String, String> outside = ingress(api, subject.ingress());
        String version = outside.get(Roll.VERSION);
        if (version == null || version.equals(inside.get(Roll.VERSION))) {
            return outside;
        }
        return Map.of(Unchanged.ERROR, "the Ingress answers " + version + ", the Service " + inside.get(Roll.VERSION));
    }

    private Map<String, String> service(Api api, RolloutSubject subject) {
        Set<String> versions = new HashSet<>();
        try {
            for (int i = 0; i < times && versions.size() < 2; i++) {
                versions.add(
                        Tree.at(api.ask(subject.service(), Manifests.PORT, asking.basePath() + "/version"), "version"));
            }
        } catch (KubernetesClientException e) {
            return Map.of(
                    Unchanged.ERROR, "through the API server: " + Failures.of(e).message());
        } catch (IllegalArgumentException e) {
            return Map.of(Unchanged.ERROR, "GET /version answers no JSON");
        }
        return versions.size() == 1 && !versions.contains("")
                ? Map.of(Roll.VERSION, versions.iterator().next())
                : Map.of(Unchanged.ERROR, "versions " + String.join(" and ", versions) + " answer by turns");
    }

    private Map<String, String> ingress(Api api, String name) {
        Optional<String> address = GkeEffector.address(api, name);
        if (address.isEmpty()) {
            return Map.of(Unchanged.ERROR, "Ingress " + name + " has no address");
        }
        try {
            InetAddress ip = InetAddress.getByName(address.get());
            Probe probe = new Probe(asking, ip);
            URI uri = url.map(LiveUrl::uri).orElse(URI.create("http://" + address.get()));
            return new Proof(probe, times).ask(uri);
        } catch (IOException e) {
            return Map.of(Unchanged.ERROR, String.valueOf(e.getMessage()));
        }
    }
}
