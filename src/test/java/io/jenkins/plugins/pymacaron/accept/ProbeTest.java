package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20 * 60)
class ProbeTest {
    private static final Probe.Ended RUNS = Optional::empty;

    private final Probe probe = new Probe(ProbeRequest.plain(Duration.ofSeconds(60), true));
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private URI base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Answers the n-th request with a status and a body. */
    private void serve(String path, IntFunction<Http.Answer> answers) {
        server.createContext(path, exchange -> {
            Http.Answer answer = answers.apply(asked.incrementAndGet());
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private void serveVersion(String version) {
        serve("/version", n -> new Http.Answer(200, "{\"version\": \"" + version + "\"}"));
    }

    @Test
    void waitsUntilPingAnswersWell() throws Exception {
        serve("/ping", n -> new Http.Answer(n < 3 ? 503 : 200, n < 3 ? "" : "{}"));
        probe.awaitPing(base, Duration.ofMinutes(2), RUNS);
        assertThat(asked).hasValue(3);
    }

    /** Fails in a quarter of a second, or later on a machine that is too busy to answer in that time. */
    private Throwable failure(Probe asking) {
        return failure(asking, "");
    }

    /** Returns it once it says this, which an answer that comes too late leaves out. */
    private Throwable failure(Probe asking, String words) {
        for (Duration limit = Duration.ofMillis(250); ; limit = limit.multipliedBy(4)) {
            Duration within = limit;
            Throwable failure = catchThrowable(() -> asking.awaitPing(base, within, RUNS));
            String message = String.valueOf(failure.getMessage());
            if (!message.contains("no answer within") && message.contains(words)) {
                return failure;
            }
        }
    }

    @Test
    void saysWhatItAnsweredWhenTheTimeIsOver() {
        serve("/ping", n -> new Http.Answer(500, ""));
        assertThat(failure(probe))
                .isInstanceOf(NotServingException.class)
                .hasMessageMatching(base + " did not answer within \\d+ s: GET /ping answers 500");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "301|a redirect to https://hello.example/ping, which is not followed. If that is the service's own name,"
                        + " set accept.host: hello.example",
                "400|accept.host has to name one that it knows",
                "421|to the host 127.0.0.1:",
                "403|without a login",
                "404|below a base path, name it by accept.base_path; if the service answers under its own name only,"
                        + " name that by accept.host",
                "405|name it by accept.base_path",
            })
    void saysWhatAnAnswerMeans(int status, String words) {
        server.createContext("/ping", exchange -> {
            exchange.getResponseHeaders().add("Location", "https://hello.example/ping");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        assertThat(failure(probe))
                .hasMessageContaining("GET /ping answers " + status)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://HERE/ping|over plain http too, as load balancers ask for them; no key changes that",
                "/api/ping|Set accept.base_path: /api",
                "http://HERE/v2/ping|Set accept.base_path: /v2",
                "https://hello.example:8443/ping|set accept.host: hello.example:8443",
                "/login|The service has to answer /ping and /version itself",
                "http://[|a redirect to http://[, which is not followed. The service has to answer",
                "''|a redirect to nowhere",
            })
    void saysWhichKeyHelpsWithARedirect(String location, String words) {
        server.createContext("/ping", exchange -> {
            exchange.getResponseHeaders().add("Location", location.replace("HERE", base.getAuthority()));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertThat(failure(probe))
                .hasMessageContaining("GET /ping answers 302, a redirect to ")
                .hasMessageContaining(words);
    }

    private static ProbeRequest guessing(String... guesses) {
        return new ProbeRequest(Duration.ofSeconds(60), true, Optional.empty(), "", List.of(guesses));
    }

    /** Answers as a service does that knows its own name only. */
    private void serveUnder(String name, String path, int otherwise) {
        server.createContext("/", exchange -> {
            boolean good = exchange.getRequestHeaders().getFirst("Host").equals(name)
                    && exchange.getRequestURI().getPath().startsWith(path);
            byte[] body = "{\"version\": \"7\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(good ? 200 : otherwise, good ? body.length : -1);
            if (good) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 421})
    void findsOutThatTheServiceAnswersUnderItsOwnNameOnly(int status) throws Exception {
        serveUnder("hello.example", "/", status);
        assertThat(failure(new Probe(guessing("/hello", "hello.example")), ", and 200 to "))
                .hasMessageContaining(base + " did not answer within ")
                .hasMessageEndingWith(" s: GET /ping answers " + status + " to the host " + base.getAuthority()
                        + ", and 200 to hello.example: set accept.host: hello.example");

        Probe named =
                new Probe(new ProbeRequest(Duration.ofSeconds(60), true, Optional.of("hello.example"), "", List.of()));
        named.awaitPing(base, Duration.ofMinutes(2), RUNS);
        named.awaitVersion(base, "7", 3, Duration.ofMinutes(2));
        try (GapMeter meter = GapMeter.start(
                base,
                new ProbeRequest(Duration.ofSeconds(60), true, Optional.of("hello.example"), "", List.of()),
                Duration.ofMillis(5))) {
            while (meter.versions().isEmpty()) {
                Thread.onSpinWait();
            }
            ServiceGap gap = meter.stop();
            assertThat(gap.failures()).isLessThan(gap.probes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/hello", "/api/v1"})
    void findsOutThatTheServiceIsBelowABasePath(String path) throws Exception {
        serveUnder(base.getAuthority(), path + "/ping", 404);
        assertThat(failure(new Probe(guessing("/hello", "hello.example")), " answers 200"))
                .hasMessageEndingWith(
                        "GET /ping answers 404, and GET " + path + "/ping answers 200: set accept.base_path: " + path);

        Probe placed = new Probe(new ProbeRequest(Duration.ofSeconds(60), true, Optional.empty(), path, List.of()));
        placed.awaitPing(base, Duration.ofMinutes(2), RUNS);
    }

    @Test
    void namesTheWholePathThatItAskedFor() {
        serveUnder(base.getAuthority(), "/elsewhere/", 404);
        Probe placed = new Probe(new ProbeRequest(Duration.ofSeconds(60), true, Optional.empty(), "/api", List.of()));
        assertThatThrownBy(() -> placed.version(base)).hasMessageStartingWith("GET /api/version answers 404. If ");
    }

    @Test
    void doesNotWaitLongerForAnAnswerThanThereIsTime() throws Exception {
        try (RawServer silent =
                new RawServer((connection, out) -> connection.getInputStream().readAllBytes())) {
            long before = System.nanoTime();
            assertThatThrownBy(() -> probe.awaitPing(silent.base(), Duration.ofMillis(300), RUNS))
                    .hasMessageContaining("no answer within");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(50));
        }
    }

    @Test
    void doesNotWaitForWhatHasDied() throws Exception {
        int port;
        try (RawServer gone = RawServer.saying("")) {
            port = gone.port();
        }
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> probe.awaitPing(
                        URI.create("http://127.0.0.1:" + port),
                        Duration.ofMinutes(5),
                        () -> looks.incrementAndGet() < 3 ? Optional.empty() : Optional.of("it died")))
                .isInstanceOf(NotServingException.class)
                .hasMessage("it died");
    }

    @Test
    void readsTheVersionAmongOtherFields() throws Exception {
        serve("/version", n -> new Http.Answer(200, "{\"container\": \"x\", \"version\": \"261122-1503-41-9f3ab2\"}"));
        assertThat(probe.version(base)).isEqualTo("261122-1503-41-9f3ab2");
        probe.expectVersion(base, "261122-1503-41-9f3ab2");
    }

    @Test
    void saysBothVersionsInOneLine() {
        serveVersion("1");
        assertThatThrownBy(() -> probe.expectVersion(base, "2"))
                .isInstanceOf(NotServingException.class)
                .hasMessage(base + " answers version 1, not 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"version\": null}",
                "{\"version\": \"\"}",
                "{\"version\": {}}",
                "<html>",
                "{\"version\": \"a\\nb\"}",
                "{\"version\": \"\\u001b[31m\"}",
                "{\"version\": "
            })
    void refusesAnswersWithoutAVersion(String body) {
        serve("/version", n -> new Http.Answer(200, body));
        assertThatThrownBy(() -> probe.version(base)).hasMessage("GET /version answers without a version");
    }

    @Test
    void survivesDeepJson() {
        serve("/version", n -> new Http.Answer(200, "[".repeat(60_000)));
        assertThatThrownBy(() -> probe.version(base)).isInstanceOf(NotServingException.class);
    }

    @Test
    void tellsAnErrorFromAWrongVersion() {
        serve("/version", n -> new Http.Answer(404, "{\"version\": \"1\"}"));
        assertThatThrownBy(() -> probe.expectVersion(base, "1")).hasMessageStartingWith("GET /version answers 404. ");
    }

    @Test
    void wantsProofsInARow() throws Exception {
        // The third answer is by the old version, so the count begins anew.
        serve("/version", n -> new Http.Answer(200, "{\"version\": \"" + (n == 3 ? "old" : "new") + "\"}"));
        probe.awaitVersion(base, "new", 4, Duration.ofMinutes(2));
        assertThat(asked).hasValue(7);
    }

    @Test
    void saysWhatWasMissingForAProof() {
        serveVersion("old");
        assertThatThrownBy(() -> probe.awaitVersion(base, "new", 2, Duration.ofMillis(990)))
                .hasMessage("not proven within 0 s: " + base + " answers version old, not new");
    }
}
