package io.jenkins.plugins.pymacaron.targets.gke.wire;

import io.jenkins.plugins.pymacaron.FreePorts;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
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
    private final BooleanSupplier keeps;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /** Whether it accepts clients of HTTP/2, which it refuses as {@link GoAway} does. */
    volatile boolean http2;

    /** @param keeps whether a connection serves more requests than one; a handshake is most of the work of a request */
    Front(
            SSLContext context,
            InetSocketAddress behind,
            ExecutorService threads,
            Upgrades upgrades,
            BooleanSupplier keeps)
            throws IOException {
        this.keeps = keeps;
        this.behind = behind;
        this.threads = threads;
        this.upgrades = upgrades;
        door = context.getServerSocketFactory()
                .createServerSocket(FreePorts.ofServer(), 50, InetAddress.getByName("127.0.0.1"));
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
        clients.add(client);
        try (client) {
            client.setTcpNoDelay(true);
            if (client instanceof SSLSocket tls && isHttp2(tls)) {
                GoAway.answer(client.getInputStream(), client.getOutputStream());
                return;
            }
            InputStream in = new BufferedInputStream(client.getInputStream());
            boolean more = true;
            while (more) {
                more = carry(in, client.getOutputStream());
            }
        } catch (IOException e) {
            // The client has gone, or the server ends.
        } finally {
            clients.remove(client);
        }
    }

    /** Carries one request and its answer. @return whether the connection may serve another one */
    private boolean carry(InputStream in, OutputStream out) throws IOException {
        String head = head(in);
        Map<String, String> headers = headers(head);
        if ("websocket".equalsIgnoreCase(headers.get("upgrade"))) {
            upgrades.take(request(head, headers), in, out);
            return false;
        }
        try (Socket server = new Socket(behind.getAddress(), behind.getPort())) {
            server.setTcpNoDelay(true);
            // One request each: the next one may be for us.
            String alone = withoutConnection(head).replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
            server.getOutputStream().write(alone.getBytes(StandardCharsets.ISO_8859_1));
            boolean chunked = headers.containsKey("transfer-encoding");
            if (chunked) {
                threads.execute(() -> pump(in, server));
            } else {
                copy(in, server.getOutputStream(), length(headers));
            }
            InputStream answer = new BufferedInputStream(server.getInputStream());
            String answered = head(answer);
            Map<String, String> about = headers(answered);
            boolean ends = chunked || !about.containsKey("content-length") || head.startsWith("HEAD ");
            if (ends || !keeps.getAsBoolean()) {
                out.write(answered.getBytes(StandardCharsets.ISO_8859_1));
                answer.transferTo(out);
                return false;
            }
            out.write(withoutConnection(answered).getBytes(StandardCharsets.ISO_8859_1));
            copy(answer, out, length(about));
            return true;
        }
    }

    private static String withoutConnection(String head) {
        return head.replaceFirst("(?i)\r\nconnection:[^\r]*", "");
    }

    private static long length(Map<String, String> headers) {
        return Long.parseLong(headers.getOrDefault("content-length", "0"));
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(length));
        out.write(bytes);
        out.flush();
        if (bytes.length < length) {
            throw new EOFException();
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
        for (Socket client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                // It has gone.
            }
        }
    }
}
