package io.jenkins.plugins.pymacaron.docker;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The ports of the machine of an {@link EmulatedEngine}: containers that share one answer by turns. */
final class PortServers implements AutoCloseable {
    private record Listener(String container, String version) {}

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Integer, HttpServer> servers = new TreeMap<>();
    private final Map<Integer, List<Listener>> listeners = new HashMap<>();
    private int turn;

    /** Lets a container listen. @return whether it could: another program may have a port */
    synchronized boolean open(String container, String version, List<Integer> ports) {
        for (int port : ports) {
            listeners.computeIfAbsent(port, p -> new ArrayList<>()).add(new Listener(container, version));
            try {
                if (!servers.containsKey(port)) {
                    servers.put(port, start(port));
                }
            } catch (IOException e) {
                close(container);
                return false;
            }
        }
        return true;
    }

    private HttpServer start(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = ("{\"version\": \"" + version(port) + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        return server;
    }

    private synchronized String version(int port) {
        List<Listener> all = listeners.getOrDefault(port, List.of());
        return all.isEmpty() ? "" : all.get(turn++ % all.size()).version();
    }

    /** Ends the listening of a container. */
    synchronized void close(String container) {
        listeners.forEach((port, all) -> {
            all.removeIf(listener -> listener.container().equals(container));
            if (all.isEmpty() && servers.containsKey(port)) {
                servers.remove(port).stop(0);
            }
        });
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(server -> server.stop(0));
        servers.clear();
        threads.shutdownNow();
    }
}
