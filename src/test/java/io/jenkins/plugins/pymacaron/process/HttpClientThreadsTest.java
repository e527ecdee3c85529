package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends the clients of a process of its own, since the other tests of this one have clients too. */
@Timeout(5 * 60)
class HttpClientThreadsTest {
    /** A process that has asked a server. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] arguments) throws Exception {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
            HttpClient client = HttpClient.newHttpClient();
            client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + server.getAddress().getPort()))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            String before = clients();
            HttpClientThreads.end();
            // It waits briefly for each thread.
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (!clients().equals("0") && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            System.out.println(before + " " + clients());
            System.exit(client.version() == null ? 1 : 0);
        }

        private static String clients() {
            return Long.toString(Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().contains("SelectorManager"))
                    .count());
        }
    }

    @Test
    void noThreadOfAClientIsLeft() throws Exception {
        Process child = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asking.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("1 0");
        assertThat(child.waitFor()).isZero();
    }
}
