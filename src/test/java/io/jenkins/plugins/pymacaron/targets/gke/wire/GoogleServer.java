package io.jenkins.plugins.pymacaron.targets.gke.wire;

import io.jenkins.plugins.pymacaron.targets.cloud.GoogleKey;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The GKE API, as far as it tells where clusters are, and Google's OAuth token endpoint. */
public final class GoogleServer implements AutoCloseable {
    private static final String PROJECTS = "/v1/projects/";

    /** A cluster of a project. */
    public record Known(String project, String location, String name, String endpoint, String certificate) {}

    public final List<Known> clusters = new CopyOnWriteArrayList<>();
    /** {@code controlPlaneEndpointsConfig} of each of them, "" for none, as an API of before 2025 answers. */
    volatile String ways = "";

    /** The rights that may be used in the project; empty = everything. */
    volatile Optional<Set<String>> permissions = Optional.empty();

    final WireServer server;
    private final KubeServer kube;
    private final String token;

    /** @param kube lets in who got a token here */
    public GoogleServer(KubeServer kube) throws IOException {
        this.kube = kube;
        this.token = "ya29." + Long.toHexString(System.nanoTime());
        this.server = WireServer.start(this::answer);
    }

    public String url() {
        return server.url().toString();
    }

    /** Returns the JSON key of a service account, whose tokens come from here. */
    public String key() throws IOException {
        Map<String, String> key = new LinkedHashMap<>();
        key.put("type", "service_account");
        key.put("project_id", "demo");
        key.put("private_key_id", "1");
        key.put("private_key", GoogleKey.pem());
        key.put("client_email", "deployer@demo.iam.gserviceaccount.com");
        key.put("client_id", "1");
        key.put("token_uri", url() + "/token");
        return Cluster.JSON.writeValueAsString(key);
    }

    private Answer answer(Request request) throws IOException {
        if (request.path().equals("/token") && request.method().equals("POST")) {
            return token(request);
        }
        if (!request.headers().getOrDefault("authorization", "").equals("Bearer " + token)) {
            return error(401, "Request had invalid authentication credentials.");
        }
        if (request.path().startsWith("/compute/v1/projects/")) {
            return address(request);
        }
        String[] parts = request.path().replace(PROJECTS, "").split("/");
        if (!request.path().startsWith(PROJECTS) || parts.length < 4 || !parts[3].equals("clusters")) {
            return error(404, "no such method");
        }
        String needed = parts.length == 5 ? "container.clusters.get" : "container.clusters.list";
        if (permissions.filter(p -> !p.contains(needed)).isPresent()) {
            return error(
                    403,
                    "Required \"" + needed + "\" permission(s) for \""
                            + request.path().substring(4) + "\".");
        }
        List<Map<String, Object>> found = clusters.stream()
                .filter(c -> c.project().equals(parts[0]))
                .filter(c -> parts[2].equals("-") || parts[2].equals(c.location()))
                .filter(c -> parts.length < 5 || parts[4].equals(c.name()))
                .map(this::cluster)
                .toList();
        if (parts.length == 5) {
            return found.isEmpty() ? error(404, "Not found: " + request.path().substring(4) + ".") : json(found.get(0));
        }
        return json(Map.of("clusters", found));
    }

    /** Names of addresses that are not reserved. */
    final Set<String> unreserved = ConcurrentHashMap.newKeySet();

    private Answer address(Request request) throws IOException {
        String[] parts =
                request.path().substring("/compute/v1/projects/".length()).split("/");
        boolean global = parts.length == 4 && parts[1].equals("global");
        String needed = global ? "compute.globalAddresses.get" : "compute.addresses.get";
        if (permissions.filter(p -> !p.contains(needed)).isPresent()) {
            return error(403, "Required '" + needed + "' permission for '" + request.path() + "'");
        }
        String name = parts[parts.length - 1];
        return unreserved.contains(name)
                ? error(404, "The resource '" + request.path().substring(12) + "' was not found")
                : json(Map.of("kind", "compute#address", "name", name, "status", "RESERVED"));
    }

    private Map<String, Object> cluster(Known cluster) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("name", cluster.name());
        found.put("location", cluster.location());
        found.put("status", "RUNNING");
        found.put("endpoint", cluster.endpoint());
        found.put(
                "masterAuth",
                Map.of(
                        "clusterCaCertificate",
                        Base64.getEncoder().encodeToString(cluster.certificate().getBytes(StandardCharsets.UTF_8))));
        if (!ways.isEmpty()) {
            try {
                found.put("controlPlaneEndpointsConfig", Cluster.JSON.readTree(ways));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private Answer token(Request request) throws IOException {
        Map<String, String> form = request.form();
        String[] assertion = form.getOrDefault("assertion", "").split("\\.");
        if (!"urn:ietf:params:oauth:grant-type:jwt-bearer".equals(form.get("grant_type")) || assertion.length != 3) {
            return Answer.json(400, "{\"error\": \"unsupported_grant_type\"}");
        }
        // The user is known by its e-mail address only with this scope (cloud-provider-gcp, gke-gcloud-auth-plugin).
        String claims = new String(Base64.getUrlDecoder().decode(assertion[1]), StandardCharsets.UTF_8);
        List<String> scopes =
                List.of(Cluster.JSON.readTree(claims).path("scope").asText("").split(" "));
        if (scopes.contains("https://www.googleapis.com/auth/userinfo.email")) {
            kube.allow(token);
        } else {
            kube.allowNumber(token);
        }
        return json(Map.of("access_token", token, "token_type", "Bearer", "expires_in", 3599));
    }

    private static Answer json(Object body) throws IOException {
        return Answer.json(200, Cluster.JSON.writeValueAsString(body));
    }

    private static Answer error(int code, String message) throws IOException {
        return Answer.json(
                code, Cluster.JSON.writeValueAsString(Map.of("error", Map.of("code", code, "message", message))));
    }

    @Override
    public void close() {
        server.close();
    }
}
