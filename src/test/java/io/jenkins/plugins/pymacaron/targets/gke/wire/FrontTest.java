package io.jenkins.plugins.pymacaron.targets.gke.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20 * 60)
class FrontTest {
    private static HttpsTransport server(boolean keeps) throws Exception {
        return new HttpsTransport(
                request -> Answer.json(200, "\"" + request.path() + " " + request.text() + "\""),
                (request, lines) -> false,
                (request, in, out) -> {},
                () -> keeps);
    }

    private static Socket connect(HttpsTransport server) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        byte[] pem = server.authority().pem().getBytes(StandardCharsets.UTF_8);
        trusted.setCertificateEntry(
                "server", CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        URI url = server.url();
        return context.getSocketFactory().createSocket(url.getHost(), url.getPort());
    }

    private static void ask(Socket socket, String path, String body) throws Exception {
        String request =
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the answer from its first byte to the quotation mark that ends its body. */
    private static String answer(InputStream in) throws Exception {
        StringBuilder answer = new StringBuilder();
        int quotes = 0;
        while (quotes < 2) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(answer.toString());
            }
            quotes += next == '"' ? 1 : 0;
            answer.append((char) next);
        }
        return answer.toString();
    }

    @Test
    void aConnectionServesSeveralRequests() throws Exception {
        try (HttpsTransport server = server(true);
                Socket socket = connect(server)) {
            for (String number : new String[] {"one", "two", "three"}) {
                ask(socket, "/" + number, "body of " + number);

                assertThat(answer(socket.getInputStream()))
                        .endsWith("\"/" + number + " body of " + number + "\"")
                        .doesNotContainIgnoringCase("connection: close");
            }
        }
    }

    @Test
    void aConnectionThatIsNotKeptSaysSoAndEnds() throws Exception {
        try (HttpsTransport server = server(false);
                Socket socket = connect(server)) {
            ask(socket, "/one", "");

            assertThat(answer(socket.getInputStream())).containsIgnoringCase("connection: close");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
