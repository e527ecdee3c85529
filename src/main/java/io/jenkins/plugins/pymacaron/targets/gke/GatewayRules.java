package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.config.GkeKeys;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Checks which keys fit together with a Gateway: documentation of GKE, "Secure a Gateway". */
final class GatewayRules {
    private GatewayRules() {}

    /** Returns each problem with its advice. */
    static Map<String, String> troubles(PymConfig config, Optional<LiveUrl> url) {
        Map<String, String> found = new LinkedHashMap<>();
        Optional<String> gateway = config.find(GkeKeys.GKE_GATEWAY);
        boolean map = config.find(GkeKeys.GKE_CERTIFICATE_MAP).isPresent();
        boolean certificates = !config.get(GkeKeys.GKE_CERTIFICATES).isEmpty();
        if (gateway.isEmpty()) {
            if (map || certificates) {
                found.put(
                        "gke_certificate_map and gke_certificates are for a Gateway; an Ingress has a ManagedCertificate",
                        "Set gke_gateway too, or take them out");
            }
            return found;
        }
        if (!config.get(GkeKeys.GKE_INGRESS)) {
            found.put("gke_gateway asks for a load balancer, and gke_ingress: false for none", "Take one of them out");
        }
        if (config.get(GkeKeys.GKE_INTERNAL)) {
            found.put(
                    "gke_internal is for an Ingress; with gke_gateway the class says where it is reached from",
                    "Take gke_internal out, or set gke_gateway: gke-l7-rilb");
        }
        if (map && certificates) {
            found.put("a Gateway takes gke_certificate_map or gke_certificates, not both", "Take one of them out");
        }
        if (map && !GatewayManifests.isGlobal(gateway.get())) {
            found.put(
                    "a Gateway of class " + gateway.get() + " takes no certificate map, which is global",
                    "Set gke_certificates to regional certificates instead");
        }
        if (url.filter(LiveUrl::tls).isPresent() && !map && !certificates) {
            found.put(
                    "the Gateway has no certificate for " + url.get() + "; Google makes none for it by itself",
                    "Set gke_certificate_map or gke_certificates");
        }
        return found;
    }
}
