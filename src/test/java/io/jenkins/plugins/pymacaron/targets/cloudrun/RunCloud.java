package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.Echo;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloud.StopAtChange;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The server that stands for Cloud Run, with the deployed images as containers, for whole runs in this JVM. */
public final class RunCloud implements AutoCloseable {
    private final ContainerHosts hosts;
    private final RunServer server;

    /**
     * @param prefix of the containers' names
     * @param service the id of the one that is live
     * @param port of loopback where that answers
     */
    public RunCloud(String prefix, String service, int port) throws Exception {
        this(prefix, Map.of(service, port));
    }

    /** @param ports of loopback where services answer, by their ids */
    public RunCloud(String prefix, Map<String, Integer> ports) throws Exception {
        hosts = new ContainerHosts(prefix);
        server = new RunServer(0, hosts, ports);
    }

    /** Puts that between the server and its callers. */
    public void between(WireServer.Between between) {
        server.wire.between = between;
    }

    /** Returns a name for the change that a request asks for; "" if it reads, or rehearses. */
    public static String change(WireServer.Request request) {
        String method = request.headers().getOrDefault("x-http-method-override", request.method());
        if (!request.path().startsWith("/v2/projects/")
                || method.equals("GET")
                || request.path().matches(".*:(wait|testIamPermissions)")
                || "true".equals(request.query().get("validateOnly"))) {
            return "";
        }
        String mask = request.query().getOrDefault("updateMask", "");
        boolean leases = mask.equals("annotations") && request.text().contains(CloudRunMetadata.LEASE);
        String named = request.query().getOrDefault("serviceId", mask);
        return (leases ? StopAtChange.LEASE : "") + method + " " + request.path() + " " + named;
    }

    /** Returns the names of all that is there. */
    public Set<String> things() {
        Set<String> all = new TreeSet<>();
        for (RunService service : server.services.values()) {
            synchronized (service) {
                all.add("service " + service.id);
                service.revisions.keySet().forEach(name -> all.add("revision " + name));
            }
        }
        return all;
    }

    /** Returns all that is there, sorted, without the names that differ from version to version. */
    public List<String> state() {
        List<String> all = new ArrayList<>();
        for (RunService service : server.services.values()) {
            synchronized (service) {
                all.add(service.id + ": " + service.revisions.size() + " revisions, "
                        + names(service.service, "annotations")
                        + " " + names(service.service, "labels") + ", "
                        + service.policy.path("bindings").size() + " bindings");
                service.service
                        .path("traffic")
                        .forEach(share -> all.add(service.id + ": "
                                + share.path("percent").asInt() + " percent"
                                + (share.has("tag") ? ", tagged" : "")));
            }
        }
        return all.stream().sorted().toList();
    }

    private static List<String> names(JsonNode service, String of) {
        List<String> names = new ArrayList<>();
        service.path(of).fieldNames().forEachRemaining(names::add);
        return names.stream().sorted().toList();
    }

    /** Makes it refuse each change in words that repeat the request. */
    public void echo() {
        server.echo = true;
    }

    /** Makes it refuse validations in that way, too. */
    public void echoValidation() {
        server.echoesValidation = true;
        echo();
    }

    /** Makes it do all requests, and repeat what it was told. */
    public void tell() {
        server.wire.between = new Echo();
    }

    /** Returns the access tokens that it has given out. */
    public List<String> tokens() {
        return List.copyOf(server.tokens.issued);
    }

    /** Returns the variables that a process needs to call it. */
    public Map<String, String> variables() {
        return Map.of(
                GoogleCredential.KEY,
                server.key(),
                CloudRunClient.ENDPOINT,
                server.wire.url().toString());
    }

    @Override
    public void close() throws Exception {
        server.close();
        hosts.close();
        if (!server.wire.troubles.isEmpty()) {
            throw new AssertionError(server.wire.troubles);
        }
    }
}
