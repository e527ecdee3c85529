package io.jenkins.plugins.pymacaron.targets.cloud;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Hosts without containers: each is a server that answers GET /ping and GET /version as an image is said to. */
public final class PlayHosts implements Hosts {
    /** The variables that each got, by name. */
    public final Map<String, Map<String, String>> variables = new ConcurrentHashMap<>();

    /** The text that they write beside their names. */
    public volatile String words = "";

    private final Map<String, WireServer> servers = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Function<String, Optional<String>> versions;

    /** @param versions what an image answers to GET /version; empty = it ends at once */
    public PlayHosts(Function<String, Optional<String>> versions) {
        this.versions = versions;
    }

    @Override
    public URI run(String name, String image, Map<String, String> given) throws IOException {
        variables.put(name, Map.copyOf(given));
        Optional<String> version = versions.apply(image);
        if (version.isEmpty()) {
            troubles.put(name, "ended with exit code 1");
        }
        WireServer server = WireServer.start(request -> switch (version.isEmpty() ? "" : request.path()) {
            case "/ping" -> Answer.json(200, "{}");
            case "/version" -> Answer.json(200, "{\"version\": \"" + version.get() + "\"}");
            default -> Answer.json(version.isEmpty() ? 502 : 404, "{}");
        });
        servers.put(name, server);
        return server.url();
    }

    @Override
    public String trouble(String name) {
        return troubles.getOrDefault(name, "");
    }

    @Override
    public String log(String name) {
        return "log of " + name + words;
    }

    @Override
    public void end(String name) {
        WireServer server = servers.remove(name);
        if (server != null) {
            server.close();
        }
    }

    @Override
    public void close() {
        servers.keySet().forEach(this::end);
    }
}
