package io.jenkins.plugins.pymacaron.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every request ends in time, in little memory, and in one short line, for any behaviour of the server. */
@Timeout(20 * 60)
class HttpTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private static Http.Answer get(String answer) throws IOException {
        try (RawServer server = RawServer.saying(answer)) {
            return new Http(ProbeRequest.plain(LONG, true)).get(server.base());
        }
    }

    private static void assertFails(RawServer server, Duration timeout, String why) throws IOException {
        try (server) {
            assertThatThrownBy(() -> new Http(ProbeRequest.plain(timeout, true)).get(server.base()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(why);
        }
    }

    @Test
    void readsBodiesOfEveryForm() throws Exception {
        assertThat(get(RawServer.ok("{}"))).isEqualTo(new Http.Answer(200, "{}"));
        assertThat(get("HTTP/1.0 404 NOT FOUND\nServer: x\n\nno").status()).isEqualTo(404);
        assertThat(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                        .body())
                .isEqualTo("abcde");
        assertThat(get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"))
                .isEqualTo(new Http.Answer(204, ""));
        assertThat(get("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n")
                        .status())
                .isEqualTo(302);
    }

    @Test
    void asksByNameOverAConnectionOfItsOwn() throws Exception {
        try (RawServer server = new RawServer((connection, out) ->
                out.write(RawServer.ok(RawServer.request(connection)).getBytes(US_ASCII)))) {
            Http http = new Http(ProbeRequest.plain(LONG, true), Optional.of(InetAddress.getLoopbackAddress()));
            URI uri = URI.create("http://service.invalid:" + server.port() + "/ping?a=b");
            assertThat(http.get(uri).body())
                    .startsWith("GET /ping?a=b HTTP/1.1\r\nHost: service.invalid:" + server.port())
                    .contains("Connection: close");
            http.get(uri);
            assertThat(server.connections).hasValue(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|the connection was closed without an answer",
                "HTTP/1.1 200 OK|the answer broke off",
                "SSH-2.0-OpenSSH~~|the answer is no HTTP",
                "HTTP/1.1 200 OK~Content-Length: 5~~abc|the answer broke off",
                "HTTP/1.1 200 OK~Content-Length: -5~~abc|the answer is no HTTP",
                "HTTP/1.1 200 OK~Content-Length: 99999999999~~abc|the answer is larger than 65536 bytes",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~FFFFFFFFFFF~abc|the answer is larger than 65536 bytes",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~abc|the answer is no HTTP",
            })
    void namesWhatIsWrongWithAnAnswer(String answer, String why) throws Exception {
        assertFails(RawServer.saying(answer.replace("~", "\r\n")), LONG, why);
    }

    @Test
    void endsWhenNothingIsAnswered() throws Exception {
        RawServer silent = new RawServer((connection, out) -> TimeUnit.SECONDS.sleep(600));
        assertFails(silent, SHORT, "no answer within 300 ms");
    }

    @Test
    void endsWhenHeadOrBodyDrips() throws Exception {
        for (String start :
                new String[] {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"}) {
            RawServer dripping = new RawServer((connection, out) -> {
                RawServer.request(connection);
                out.write(start.getBytes(US_ASCII));
                while (true) {
                    out.write('x');
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            });
            assertFails(dripping, SHORT, "no answer within 300 ms");
        }
    }

    @Test
    void endsEndlessHeadsAndBodies() throws Exception {
        assertFails(endless("HTTP/1.1 200 OK\r\nX: "), LONG, "the answer's head is larger than 32768 bytes");
        assertFails(endless("HTTP/1.1 200 OK\r\n\r\n"), LONG, "the answer is larger than 65536 bytes");
    }

    private static RawServer endless(String start) {
        return new RawServer((connection, out) -> {
            RawServer.request(connection);
            out.write(start.getBytes(US_ASCII));
            while (true) {
                out.write(new byte[8192]);
            }
        });
    }

    @Test
    void isNotSentTwiceWhenTheConnectionIsCutOff() throws Exception {
        RawServer closing = new RawServer((connection, out) -> RawServer.request(connection));
        assertFails(closing, LONG, "the connection was closed without an answer");
        assertThat(closing.connections).hasValue(1);
    }

    @Test
    void namesWhatIsNotReached() {
        assertThatThrownBy(() -> new Http(ProbeRequest.plain(LONG, true)).get(URI.create("http://service.invalid/")))
                .hasMessage("the name service.invalid is unknown");
        assertThatThrownBy(() -> new Http(ProbeRequest.plain(LONG, true)).get(URI.create("ftp://127.0.0.1/")))
                .hasMessageContaining("no address of a web service");
    }

    @Test
    void checksCertificatesUnlessToldNotTo() throws Exception {
        try (RawServer server = new RawServer(selfSigned(), 0, (connection, out) -> {
            RawServer.request(connection);
            out.write(RawServer.ok("secured").getBytes(US_ASCII));
        })) {
            URI uri = URI.create("https://localhost:" + server.port() + "/");
            assertThat(new Http(ProbeRequest.plain(LONG, false)).get(uri).body())
                    .isEqualTo("secured");
            assertThatThrownBy(() -> new Http(ProbeRequest.plain(LONG, true)).get(uri))
                    .isInstanceOf(javax.net.ssl.SSLHandshakeException.class);
        }
    }

    @Test
    void endsAHandshakeThatNeverComes() throws Exception {
        try (RawServer server = new RawServer((connection, out) -> TimeUnit.SECONDS.sleep(600))) {
            assertThatThrownBy(() -> new Http(ProbeRequest.plain(SHORT, false))
                            .get(URI.create("https://127.0.0.1:" + server.port() + "/")))
                    .hasMessage("no answer within 300 ms");
        }
    }

    private ServerSocketFactory selfSigned() throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), "changeit".toCharArray()), "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
