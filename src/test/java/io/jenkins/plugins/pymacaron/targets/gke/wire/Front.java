package io.jenkins.plugins.pymacaron.targets.gke.wire;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** TLS before an HTTP server that knows no WebSockets: takes those itself, and passes on everything else. */
final class Front implements AutoCloseable {
    private static final int LONGEST_HEAD = 64 << 10;

    /** Takes over a connection that asks for a WebSocket. */
    interface Upgrades {
        void take(Request request, InputStream in, OutputStream out) throws IOException;
    }

    private final ServerSocket door;
    private final InetSocketAddress behind;
    private final ExecutorService threads;
    private final Upgrades upgrades;

    /** Whether it accepts clients of HTTP/2, which it refuses as {@link GoAway} does. */
    volatile boolean http2;

    Front(SSLContext context, InetSocketAddress behind, ExecutorService threads, Upgrades upgrades) throws IOException {
        this.behind = behind;
        this.threads = threads;
        this.upgrades = upgrades;
        door = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        threads.execute(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                // closed, or a client that did not like our certificate
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (client instanceof SSLSocket tls && isHttp2(tls)) {
                GoAway.answer(client.getInputStream(), client.getOutputStream());
                return;
            }
            InputStream in = new BufferedInputStream(client.getInputStream());
            String head = head(in);
            Map<String, String> headers = headers(head);
            if ("websocket".equalsIgnoreCase(headers.get("upgrade"))) {
                upgrades.take(request(head, headers), in, client.getOutputStream());
                return;
            }
            try (Socket server = new Socket(behind.getAddress(), behind.getPort())) {
                // One request each: the next one may be for us.
                String alone = head.replaceFirst("(?i)\r\nconnection:[^\r]*", "")
                        .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
                server.getOutputStream().write(alone.getBytes(StandardCharsets.ISO_8859_1));
                threads.execute(() -> pump(in, server));
                server.getInputStream().transferTo(client.getOutputStream());
            }
        } catch (IOException e) {
            // The client has gone, or the server ends.
        }
    }

    /** Settled by ALPN in the handshake, before the server knows of a token. */
    private boolean isHttp2(SSLSocket client) throws IOException {
        client.setHandshakeApplicationProtocolSelector(
                (socket, offered) -> http2 && offered.contains("h2") ? "h2" : "");
        client.startHandshake();
        return "h2".equals(client.getApplicationProtocol());
    }

    private static void pump(InputStream in, Socket to) {
        try {
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // as above
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int end = 0; end < 4; ) {
            int b = in.read();
            if (b < 0 || head.size() > LONGEST_HEAD) {
                throw new EOFException();
            }
            head.write(b);
            end = b == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static Map<String, String> headers(String head) {
        Map<String, String> headers = new TreeMap<>();
        head.lines().skip(1).filter(line -> line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        });
        return headers;
    }

    private static Request request(String head, Map<String, String> headers) {
        String[] line = head.lines().findFirst().orElseThrow().split(" ");
        URI uri = URI.create(line[1]);
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair :
                uri.getQuery() == null ? new String[0] : uri.getQuery().split("&")) {
            query.put(pair.replaceFirst("=.*", ""), pair.replaceFirst("^[^=]*=?", ""));
        }
        return new Request(line[0], uri.getPath(), query, headers, new byte[0]);
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            // It ends anyway.
        }
    }
}
