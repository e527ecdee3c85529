package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.targets.cloud.Front;
import io.jenkins.plugins.pymacaron.targets.cloud.Hosts;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes a service do what it was told: it starts revisions, moves the traffic, and answers at its URLs. */
final class Reconciler implements AutoCloseable {
    private static final long START_LIMIT_SECONDS = 60;

    private final Hosts hosts;
    private final Map<String, Integer> ports;
    private final Tokens tokens;
    private final WireServer forbidden;
    private final WireServer missing;

    /** Whether requests come from a network of the project; usually they come from outside. */
    volatile boolean inside;

    /** Whether a revision that a client has named is not started before a client has read it. */
    volatile boolean seen;

    private final Map<String, URI> running = new ConcurrentHashMap<>();
    private final Map<String, Front> fronts = new HashMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "reconciler");
        made.setDaemon(true);
        return made;
    });

    Reconciler(Hosts hosts, Map<String, Integer> ports, Tokens tokens) throws IOException {
        this.hosts = hosts;
        this.ports = Map.copyOf(ports);
        this.tokens = tokens;
        forbidden = WireServer.start(request -> Answer.of(403, "text/html", "<title>403 Forbidden</title>"));
        // richardhe-fundamenta/practical-gcp-examples#11: a request from outside to an internal service gets 404.
        missing = WireServer.start(request -> Answer.of(404, "text/html", "<title>404 Page not found</title>"));
    }

    /** Something that is done after all that was asked for before. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    void later(Task task) {
        thread.execute(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /**
     * @param made the revision to be started, "" for none
     * @param ended gets why the change came to nothing, or ""
     */
    void begin(RunService service, String made, Consumer<String> ended) {
        later(() -> {
            String trouble = made.isEmpty() ? "" : start(service, made);
            synchronized (service) {
                if (!made.isEmpty()) {
                    service.started(made, trouble);
                }
                ended.accept(service.settle(tag -> front(service, tag).url().toString()));
            }
        });
    }

    private String start(RunService service, String name) throws InterruptedException {
        JsonNode container;
        synchronized (service) {
            JsonNode revision = service.revisions.get(name);
            if (revision == null) {
                return "";
            }
            while (seen && !name.endsWith(RunService.UNNAMED) && !service.read.contains(name)) {
                service.wait();
            }
            container = revision.path("containers").path(0);
        }
        Map<String, String> variables = new TreeMap<>(Map.of("K_SERVICE", service.id, "K_REVISION", name));
        for (JsonNode variable : container.path("env")) {
            variables.put(
                    variable.path("name").asText(),
                    variable.path("value")
                            .asText(variable.at("/valueSource/secretKeyRef/secret")
                                    .asText()));
        }
        try {
            running.put(name, hosts.run(name, container.path("image").asText(), variables));
            return listens(name);
        } catch (IOException e) {
            return "Image '" + container.path("image").asText() + "' not found: " + e.getMessage();
        }
    }

    /** Runs the default start-up probe: a server listens on the port. */
    private String listens(String name) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
        while (System.nanoTime() < deadline) {
            String trouble = hosts.trouble(name);
            if (!trouble.isEmpty()) {
                return "The user-provided container failed to start and listen on the port defined provided by the"
                        + " PORT=8080 environment variable within the allocated timeout. It " + trouble
                        + "\n\nLogs URL: https://console.cloud.google.com/logs/viewer";
            }
            URI at = running.get(name);
            try (Socket socket = new Socket(at.getHost(), at.getPort())) {
                return socket.isConnected() ? "" : "not connected";
            } catch (IOException e) {
                java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
        return "the container did not listen in time";
    }

    private synchronized Front front(RunService service, String tag) {
        return fronts.computeIfAbsent(service.id + " " + tag, key -> {
            try {
                int port = tag.isEmpty() ? ports.getOrDefault(service.id, 0) : 0;
                return Front.start(port, request -> owner(service, tag, request));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Optional<URI> owner(RunService service, String tag, Request request) {
        synchronized (service) {
            if (!inside && !service.takesFromAnywhere()) {
                return Optional.of(missing.url());
            }
            if (!service.lets()
                    && !tokens.mayCall(request, service.service.path("uri").asText())) {
                return Optional.of(forbidden.url());
            }
            String revision = service.answers(tag, ThreadLocalRandom.current().nextInt(100));
            return Optional.ofNullable(running.get(revision));
        }
    }

    /** Returns the log of the container of a revision. */
    String log(String revision) {
        try {
            return running.containsKey(revision) ? hosts.log(revision) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void end(RunService service) {
        List.copyOf(service.revisions.keySet()).forEach(name -> end(service, name));
        synchronized (this) {
            fronts.entrySet().removeIf(e -> {
                boolean its = e.getKey().startsWith(service.id + " ");
                if (its) {
                    e.getValue().close();
                }
                return its;
            });
        }
    }

    void end(RunService service, String name) {
        running.remove(name);
        thread.execute(() -> {
            try {
                hosts.end(name);
            } catch (IOException e) {
                throw new UncheckedIOException(service.id, e);
            }
        });
    }

    @Override
    public void close() {
        // It is not interrupted: the hosts' next close ends what it starts right now.
        thread.shutdown();
        try {
            thread.awaitTermination(600, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fronts.values().forEach(Front::close);
        forbidden.close();
        missing.close();
    }
}
