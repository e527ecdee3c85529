package io.jenkins.plugins.pymacaron.targets.gke;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks for the version: through the API server, which reaches a Service without load balancer, certificate and DNS; and
 * where the load balancer has served before, also there, by its address and the Host header.
 */
final class VersionProver {
    private final int times;
    private final ProbeRequest asking;
    private final Optional<LiveUrl> url;
    private final Environment environment;
    private final GkeNames names;

    VersionProver(Environment environment) {
        this.environment = environment;
        names = GkeNames.of(environment);
        times = environment.config().accept().consecutive();
        // The certificate may not be ready yet; the address identifies the answering service.
        asking = Proof.asking(environment.config(), false);
        url = new FrontManifests(environment, names).url();
    }

    /** Returns {@link GkeDeployOperation#VERSION}, or {@link LiveUnchangedCheck#ERROR}. */
    Map<String, String> prove(KubernetesApi api, GkeWaitConditions subject) {
        Map<String, String> inside = service(api, subject);
        if (subject.balancer().isEmpty() || !inside.containsKey(GkeDeployOperation.VERSION)) {
            return inside;
        }
        Map<String, String> outside = balanced(api, LoadBalancer.read(subject.balancer()));
        String version = outside.get(GkeDeployOperation.VERSION);
        if (version == null || version.equals(inside.get(GkeDeployOperation.VERSION))) {
            return outside;
        }
        return Map.of(
                LiveUnchangedCheck.ERROR,
                "the " + LoadBalancer.read(subject.balancer()).kind().title() + " answers " + version + ", the Service "
                        + inside.get(GkeDeployOperation.VERSION));
    }

    private Map<String, String> service(KubernetesApi api, GkeWaitConditions subject) {
        Set<String> versions = new HashSet<>();
        try {
            for (int i = 0; i < times && versions.size() < 2; i++) {
                versions.add(JsonTree.at(
                        api.ask(subject.service(), DeploymentManifests.PORT, asking.basePath() + "/version"),
                        "version"));
            }
        } catch (KubernetesClientException e) {
            return Map.of(
                    LiveUnchangedCheck.ERROR,
                    "through the API server: " + GkeFailureMapper.of(e).message());
        } catch (IllegalArgumentException e) {
            return Map.of(LiveUnchangedCheck.ERROR, "GET /version answers no JSON");
        }
        return versions.size() == 1 && !versions.contains("")
                ? Map.of(GkeDeployOperation.VERSION, versions.iterator().next())
                : Map.of(LiveUnchangedCheck.ERROR, "versions " + String.join(" and ", versions) + " answer by turns");
    }

    private Map<String, String> balanced(KubernetesApi api, LoadBalancer balancer) {
        Map<String, String> seen = ask(api, balancer);
        String error = seen.get(LiveUnchangedCheck.ERROR);
        return error == null ? seen : Map.of(LiveUnchangedCheck.ERROR, error + trouble(api, balancer));
    }

    private Map<String, String> ask(KubernetesApi api, LoadBalancer balancer) {
        Optional<String> address = balancer.address(api);
        if (address.isEmpty()) {
            return Map.of(LiveUnchangedCheck.ERROR, balancer + " has no address");
        }
        try {
            InetAddress ip = InetAddress.getByName(address.get());
            Probe probe = new Probe(asking, ip);
            URI uri = url.map(LiveUrl::uri).orElse(URI.create("http://" + address.get()));
            return new Proof(probe, times).ask(uri);
        } catch (IOException e) {
            return Map.of(LiveUnchangedCheck.ERROR, String.valueOf(e.getMessage()));
        }
    }

    /** Returns the reports of a load balancer about itself, as the end of a sentence; "" for none. */
    String trouble(KubernetesApi api, LoadBalancer balancer) {
        return LoadBalancerTrouble.of(api, names, balancer)
                .map(said -> "; " + String.join(" ", environment.shown(said)))
                .orElse("");
    }
}
