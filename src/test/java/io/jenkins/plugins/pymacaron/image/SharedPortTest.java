package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.ContainerSpec;
import io.jenkins.plugins.pymacaron.docker.Containers;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two containers at one port of the machine, one of which ends while clients ask without a pause. */
@Timeout(20 * 60)
@NeedsEngine
class SharedPortTest {
    private static final int CLIENTS = 4;
    private static final int ROUNDS = 3;

    private final String name = RealDocker.unique("shared");
    private final List<String> log = RealDocker.log();
    private final int port = FreePorts.next();
    private final Docker docker = RealDocker.docker(log);
    private final Containers containers = docker.containers();
    private final List<String> made = new ArrayList<>();
    private String image;

    @BeforeEach
    void buildImage(@TempDir Path temporary) throws Exception {
        Repository repository = Repository.service(temporary.toRealPath().resolve("w"));
        repository
                .write(
                        "server.py",
                        "import os\n\ndef app(environ, start_response):\n    start_response('200 OK', [])\n"
                                + "    return [os.environ['WHO'].encode()]\n")
                .commit("plain WSGI");
        try (SourceTree source = SourceTree.ofWorkingCopy(docker.processes(), repository.path())) {
            image = new ImageBuilder(docker, Clock.systemUTC(), Optional.of("a key of ours"))
                    .build(source, ImageSpec.of(name, "test/" + name, Optional.of(RealDocker.base())), false)
                    .reference();
        }
    }

    @AfterEach
    void removeAll() throws Exception {
        for (String container : made) {
            containers.remove(container);
        }
        for (ImageFacts facts : docker.images().labelled(Map.of(ImageLabels.NAME, name))) {
            for (String tag : facts.tags()) {
                docker.images().remove(tag);
            }
        }
    }

    /** A promotion that is undone: the one that came second goes, after it took all new connections. */
    @Test
    void theSecondEndsWithoutALostRequest() throws Exception {
        start("first");
        await("first");
        try (Clients clients = new Clients(port)) {
            for (int round = 0; round < ROUNDS; round++) {
                String second = start("second");
                await("second");
                containers.stop(second, Duration.ofSeconds(30));
                await("first");
            }
            assertThat(clients.failures()).isEmpty();
            assertThat(clients.answered()).isPositive();
        }
    }

    /** A promotion: the one that was there goes. */
    @Test
    void theFirstEndsWithoutALostRequest() throws Exception {
        // It has the same port at another address, and no part in what comes to this one.
        start("neighbour", "127.0.0.2");
        await("neighbour", "127.0.0.2");
        String first = start("0");
        await("0");
        try (Clients clients = new Clients(port)) {
            for (int round = 1; round <= ROUNDS; round++) {
                String second = start(Integer.toString(round));
                await(Integer.toString(round));
                containers.stop(first, Duration.ofSeconds(30));
                first = second;
            }
            assertThat(clients.failures()).isEmpty();
            assertThat(clients.answered()).isPositive();
        }
    }

    private String start(String who) throws Exception {
        return start(who, "127.0.0.1");
    }

    private String start(String who, String host) throws Exception {
        String container = containers.run(ContainerSpec.of(image)
                .onHostNetwork()
                .with(Map.of(
                        "PORT",
                        Integer.toString(port),
                        "PYM_HOST",
                        host,
                        "PYM_REUSE_PORT",
                        "1",
                        "PYM_GUNICORN_WORKERS_COUNT",
                        "2",
                        "WHO",
                        who)));
        made.add(container);
        return container;
    }

    /** Waits until new connections go to that one. */
    private void await(String who) throws Exception {
        await(who, "127.0.0.1");
    }

    private void await(String who, String host) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (!who.equals(answerOrNone(host))) {
            assertThat(System.nanoTime()).as("waiting for " + who).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private String answerOrNone(String host) {
        try {
            return ask(host, port);
        } catch (IOException e) {
            return "";
        }
    }

    /** Asks by a connection of its own. */
    private static String ask(String host, int port) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int body = all.indexOf("\r\n\r\n");
            if (body < 0) {
                throw new IOException("no answer: " + all);
            }
            return all.substring(body + 4);
        }
    }

    /** Ask as fast as they are answered, until they are closed. */
    private static final class Clients implements AutoCloseable {
        private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger answered = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean stopped;

        Clients(int port) {
            for (int i = 0; i < CLIENTS; i++) {
                Thread thread = new Thread(() -> ask(port), "client-" + i);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }

        private void ask(int port) {
            while (!stopped) {
                try {
                    SharedPortTest.ask("127.0.0.1", port);
                    answered.incrementAndGet();
                } catch (IOException e) {
                    failures.add(e.toString());
                }
            }
        }

        List<String> failures() throws InterruptedException {
            close();
            return List.copyOf(failures);
        }

        int answered() {
            return answered.get();
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
