package io.jenkins.plugins.pymacaron.fuzz;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executors;

/** A server on loopback that gives the same answer to every question: a status by the first byte, and a body of the rest. */
public final class Answers {
    private static final int[] STATUSES = {200, 200, 200, 200, 401, 404, 429, 302};

    private final HttpServer server;
    private volatile byte[] input = {0};

    public Answers() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fuzzed answers");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            byte[] answer = input;
            int status = answer.length == 0 ? 200 : STATUSES[answer[0] & 7];
            if (status == 401) {
                exchange.getResponseHeaders()
                        .set("WWW-Authenticate", "Bearer realm=\"" + url() + "/token\",service=\"s\"");
            }
            if (status == 302) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.getRequestBody().readAllBytes();
            int length = Math.max(0, answer.length - 1);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head || length == 0 ? -1 : length);
            if (!head && length > 0) {
                exchange.getResponseBody().write(answer, 1, length);
            }
            exchange.close();
        });
        server.start();
    }

    public Answers saying(byte[] answer) {
        input = answer.clone();
        return this;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
