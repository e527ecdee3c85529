package io.jenkins.plugins.pymacaron.targets.gke;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the GKE API for the place of a cluster. It needs two calls and therefore no client library:
 * projects.locations.clusters get and list,
 * https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.
 */
final class ClusterLocator {
    /** The API's address where it is not Google's own, as for tests. */
    static final String ENDPOINT = "PYM_GKE_ENDPOINT";

    static final String GOOGLE = "https://container.googleapis.com";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int LARGEST = 16 << 20;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String endpoint;
    private final GoogleCredential credential;
    private final Duration limit;

    ClusterLocator(String endpoint, GoogleCredential credential) {
        this(endpoint, credential, TIMEOUT);
    }

    /** Makes a locator. @param limit for a whole answer */
    ClusterLocator(String endpoint, GoogleCredential credential, Duration limit) {
        this.limit = limit;
        this.endpoint = endpoint.isEmpty() ? GOOGLE : endpoint;
        this.credential = credential;
    }

    /**
     * The place of a cluster's API server.
     *
     * @param certificate base64 of the PEM of its authority; "" = one that Java trusts anyway
     */
    record Place(String url, String certificate, String location) {}

    /**
     * Finds a cluster.
     *
     * @param region the first place to look; a cluster in a zone of it, or elsewhere, is found by listing
     */
    Place find(String project, String region, String cluster) throws TargetException, InterruptedException {
        String parent = "/v1/projects/" + project + "/locations/";
        WholeAnswer got = get(parent + region + "/clusters/" + cluster);
        if (got.status() == 404) {
            WholeAnswer listed = get(parent + "-/clusters");
            check(listed, "list the GKE clusters of project " + project);
            return pick(parse(listed).path("clusters"), project, region, cluster);
        }
        check(got, "read GKE cluster " + cluster + " of project " + project);
        return place(parse(got));
    }

    private static Place pick(JsonNode clusters, String project, String region, String name) throws TargetException {
        List<JsonNode> same = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (JsonNode cluster : clusters) {
            if (name.equals(JsonTree.at(cluster, "name"))) {
                same.add(cluster);
            }
            others.add(JsonTree.at(cluster, "name"));
        }
        List<JsonNode> near = same.stream()
                .filter(c -> JsonTree.at(c, "location").startsWith(region + "-"))
                .toList();
        if (same.isEmpty()) {
            throw new TargetException("there is no GKE cluster " + name + " in project " + project
                    + (others.isEmpty() ? "" : ", only " + String.join(", ", others))
                    + ". Create it, or name another one by gke_cluster");
        }
        if (same.size() > 1 && near.size() != 1) {
            throw new TargetException("there are " + same.size() + " GKE clusters " + name + " in project " + project
                    + "; name the region of one by gcp_region");
        }
        return place(near.size() == 1 ? near.get(0) : same.get(0));
    }

    private static Place place(JsonNode cluster) throws TargetException {
        String status = JsonTree.at(cluster, "status");
        if (!List.of("RUNNING", "RECONCILING", "DEGRADED").contains(status)) {
            throw new TargetException(
                    "GKE cluster " + JsonTree.at(cluster, "name") + " is " + status + ", not RUNNING");
        }
        String location = JsonTree.at(cluster, "location");
        String authority = JsonTree.at(cluster, "masterAuth", "clusterCaCertificate");
        String address = address(cluster);
        if (!address.isEmpty()) {
            return new Place("https://" + address, authority, location);
        }
        // A control plane that is reached by name has a certificate of a public authority.
        String name = JsonTree.at(cluster, "controlPlaneEndpointsConfig", "dnsEndpointConfig", "endpoint");
        if (name.isEmpty()) {
            throw new TargetException(
                    "GKE cluster " + JsonTree.at(cluster, "name") + " has no endpoint that is switched on."
                            + " Switch one on, such as with gcloud container clusters update --enable-dns-access");
        }
        return new Place("https://" + name, "", location);
    }

    /**
     * Returns the IP address to use, "" where the name is used: a public address first, then the name if it admits
     * callers outside of the VPC, then a private address (messages ControlPlaneEndpointsConfig, IPEndpointsConfig and
     * DNSEndpointConfig of google/container/v1/cluster_service.proto). An API without these fields has one endpoint.
     */
    private static String address(JsonNode cluster) {
        String endpoint = JsonTree.at(cluster, "endpoint");
        JsonNode ways = cluster.path("controlPlaneEndpointsConfig");
        if (!endpoint.isEmpty() && endpoint.equals(JsonTree.at(ways, "dnsEndpointConfig", "endpoint"))) {
            // This is the case where no address is switched on (seen on a real cluster, gke-labs/kube-agents#1797).
            return "";
        }
        if (!ways.has("ipEndpointsConfig")) {
            return endpoint;
        }
        JsonNode byIp = ways.path("ipEndpointsConfig");
        JsonNode byName = ways.path("dnsEndpointConfig");
        boolean named = byName.path("allowExternalTraffic").asBoolean()
                && !JsonTree.at(byName, "endpoint").isEmpty();
        if (!byIp.path("enabled").asBoolean()) {
            return "";
        }
        if (byIp.path("enablePublicEndpoint").asBoolean()) {
            String known = JsonTree.at(byIp, "publicEndpoint");
            return known.isEmpty() ? endpoint : known;
        }
        String known = JsonTree.at(byIp, "privateEndpoint");
        return named ? "" : known.isEmpty() ? endpoint : known;
    }

    private WholeAnswer get(String path) throws TargetException, InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + path))
                    .timeout(limit)
                    .header("Authorization", "Bearer " + credential.accessToken())
                    .header("Accept", "application/json")
                    .build();
            long begun = System.nanoTime();
            WholeAnswer answer = WholeAnswer.ask(http, request, LARGEST, limit);
            for (int again = 0; again < 3 && (answer.status() == 429 || answer.status() >= 500); again++) {
                Thread.sleep(500L << again);
                answer = WholeAnswer.ask(http, request, LARGEST, limit);
            }
            credential.recording().add("container", request, "", answer, Duration.ofNanos(System.nanoTime() - begun));
            return answer;
        } catch (IOException e) {
            throw new TargetException(
                    "cannot ask the GKE API as " + credential.identity() + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private void check(WholeAnswer answer, String what) throws TargetException {
        if (answer.status() != 200) {
            throw new TargetException("cannot " + what + " as " + credential.identity() + ": "
                    + JsonTree.at(parse(answer), "error", "message") + " (" + answer.status() + ")");
        }
    }

    private static JsonNode parse(WholeAnswer answer) {
        try {
            return JsonTree.parse(new String(answer.body(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return JsonTree.object();
        }
    }
}
