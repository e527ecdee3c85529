package io.jenkins.plugins.pymacaron.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20 * 60)
class WholeAnswerTest {
    private static final Duration LONG = Duration.ofSeconds(15);

    private final HttpClient client = HttpClient.newHttpClient();

    private WholeAnswer ask(URI uri, int most, Duration within) throws IOException, InterruptedException {
        return WholeAnswer.ask(
                client, HttpRequest.newBuilder(uri).timeout(within).build(), most, within);
    }

    @Test
    void aBodyThatDripsHasAnEnd() throws Exception {
        try (DrippingServer server = new DrippingServer()) {
            assertThatThrownBy(() -> ask(server.url(), 1 << 20, Duration.ofMillis(300)))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("there was no whole answer within 300 ms");
        }
    }

    /** One timer is that of the client, which says "request timed out". */
    @Test
    void theTimeoutOfTheRequestIsToldInTheSameWords() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofMillis(100)).build();
            assertThatThrownBy(() -> WholeAnswer.ask(client, request, 1, Duration.ofMinutes(10)))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("there was no whole answer within 100 ms");
        }
    }

    @Test
    void anAnswerIsReadToItsEndUnlessItIsTooLarge() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = new byte[300_000];
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try {
            WholeAnswer answer = ask(uri, body.length, LONG);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo(body);
            assertThatThrownBy(() -> ask(uri, body.length - 1, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is larger than 299999 bytes");
            assertThat(ask(uri, 0, LONG).body()).isEmpty();
        } finally {
            server.stop(0);
        }
        assertThatThrownBy(() -> ask(uri, 1, LONG)).isInstanceOf(ConnectException.class);
    }
}
