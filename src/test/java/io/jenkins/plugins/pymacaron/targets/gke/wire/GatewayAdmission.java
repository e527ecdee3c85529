package io.jenkins.plugins.pymacaron.targets.gke.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Refuses objects as the CustomResourceDefinitions of the Gateway API and of GKE do: kubernetes-sigs/gateway-api, config/crd/standard,
 * with their {@code x-kubernetes-validations}, and GoogleCloudPlatform/gke-gateway-api, config/crd.
 */
final class GatewayAdmission {
    private GatewayAdmission() {}

    static void check(Resource resource, String name, JsonNode object) {
        JsonNode spec = object.path("spec");
        switch (resource.kind()) {
            case "Gateway" -> {
                required(resource, name, spec, "gatewayClassName", "listeners");
                spec.path("listeners").forEach(listener -> listener(resource, name, listener));
            }
            case "HTTPRoute" ->
                spec.path("rules").forEach(rule -> rule.path("filters").forEach(filter -> {
                    boolean fits = filter.has("requestRedirect")
                            == filter.path("type").asText().equals("RequestRedirect");
                    refuse(
                            !fits,
                            resource,
                            name,
                            "filter.requestRedirect must be nil if the filter.type is not"
                                    + " RequestRedirect, and specified for that type");
                    String scheme = filter.at("/requestRedirect/scheme").asText("https");
                    refuse(!Set.of("http", "https").contains(scheme), resource, name, "Unsupported value: " + scheme);
                    int status = filter.at("/requestRedirect/statusCode").asInt(302);
                    refuse(!Set.of(301, 302, 303, 307, 308).contains(status), resource, name, "Unsupported value");
                }));
            default -> {
                required(resource, name, spec, "targetRef");
                required(resource, name, spec.path("targetRef"), "group", "kind", "name");
                JsonNode config = spec.at("/default/config");
                refuse(
                        !config.isMissingNode() && config.size() != 2,
                        resource,
                        name,
                        "spec.default.config:" + " must have 2 properties");
                for (String limited : new String[] {"checkIntervalSec", "timeoutSec"}) {
                    int seconds = spec.path("default").path(limited).asInt(1);
                    refuse(seconds < 1 || seconds > 300, resource, name, limited + ": should be from 1 to 300");
                }
            }
        }
    }

    private static void listener(Resource resource, String name, JsonNode listener) {
        required(resource, name, listener, "name", "port", "protocol");
        boolean plain =
                Set.of("HTTP", "TCP", "UDP").contains(listener.path("protocol").asText());
        refuse(plain && listener.has("tls"), resource, name, "tls must not be specified for protocols HTTP, TCP, UDP");
        JsonNode tls = listener.path("tls");
        boolean terminates = tls.path("mode").asText("Terminate").equals("Terminate");
        refuse(
                listener.has("tls")
                        && terminates
                        && tls.path("certificateRefs").isEmpty()
                        && tls.path("options").isEmpty(),
                resource,
                name,
                "certificateRefs or options must be specified when mode is Terminate");
    }

    private static void required(Resource resource, String name, JsonNode object, String... fields) {
        for (String field : fields) {
            refuse(!object.has(field), resource, name, field + ": Required value");
        }
    }

    private static void refuse(boolean wrong, Resource resource, String name, String why) {
        if (wrong) {
            throw Refusal.invalid(resource, name, why);
        }
    }
}
