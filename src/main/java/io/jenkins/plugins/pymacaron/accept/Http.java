package io.jenkins.plugins.pymacaron.accept;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Sends GET requests to any service, each over a connection of its own, without redirects, limited in size and in total
 * time.
 *
 * <p>It uses plain sockets, since the JDK's clients hide the facts that matter here: {@code HttpURLConnection} sends a
 * GET again when its connection was cut off, and limits each read instead of the request, so that a dripping answer may
 * last for ever; {@code HttpClient} keeps connections, which still reach a container that is about to leave. Neither
 * can ask one address under the name of another, or with another Host header.
 */
final class Http {
    /** An answer of any status. */
    record Answer(int status, String body, String location) {
        Answer(int status, String body) {
            this(status, body, "");
        }
    }

    private final ProbeRequest asking;
    private final Optional<InetAddress> address;

    /** Makes a client. @param asking its timeout is for a whole request, its body included */
    Http(ProbeRequest asking) {
        this(asking, Optional.empty());
    }

    /**
     * Makes a client.
     *
     * @param address the address to connect to, instead of the one that the name in the URI resolves to
     */
    Http(ProbeRequest asking, Optional<InetAddress> address) {
        this.asking = asking;
        this.address = address;
    }

    /** Sends a request. @throws IOException with one short line: not reached, no answer in time, no HTTP, too large */
    Answer get(URI uri) throws IOException {
        return get(uri, asking.timeout());
    }

    /** Sends a request with a limit of {@code atMost}. */
    Answer get(URI uri, Duration atMost) throws IOException {
        Duration limit = atMost.compareTo(asking.timeout()) < 0 ? atMost : asking.timeout();
        Deadline deadline = new Deadline(limit);
        try (Socket socket = connect(uri, deadline)) {
            socket.getOutputStream().write(request(uri).getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = new BufferedInputStream(deadline.limit(socket));
            return new HttpAnswerReader(in).read();
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer within " + limit.toMillis() + " ms", e);
        } catch (UnknownHostException e) {
            throw new IOException("the name " + uri.getHost() + " is unknown", e);
        }
    }

    private Socket connect(URI uri, Deadline deadline) throws IOException {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || !tls && !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IOException(uri + " is no address of a web service");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        InetAddress to = address.isPresent() ? address.get() : InetAddress.getByName(host);
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(to, port), deadline.left());
            plain.setSoTimeout(deadline.left());
            plain.setTcpNoDelay(true);
            return tls ? secured(plain, host, port, deadline) : plain;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private Socket secured(Socket plain, String host, int port, Deadline deadline) throws IOException {
        SSLSocket socket = (SSLSocket) TlsContexts.factory(asking.checkTls()).createSocket(plain, host, port, true);
        if (asking.checkTls()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        // A dripping handshake is cut off from outside: its many small reads have no common limit.
        Deadline.Cut cut = deadline.cut(plain);
        try {
            socket.startHandshake();
        } finally {
            cut.end();
        }
        return socket;
    }

    private String request(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String port = uri.getPort() >= 0 ? ":" + uri.getPort() : "";
        return "GET " + path + query + " HTTP/1.1\r\nHost: "
                + asking.host().orElse(uri.getHost() + port)
                + "\r\nUser-Agent: pymacaron-jenkins\r\nAccept: application/json, */*\r\nConnection: close\r\n\r\n";
    }
}
