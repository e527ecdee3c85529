package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server on loopback that does to each connection what a test wants. */
final class RawServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Behaviour behaviour;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();

    @FunctionalInterface
    interface Behaviour {
        void serve(Socket connection, OutputStream out) throws Exception;
    }

    RawServer(Behaviour behaviour) {
        this(ServerSocketFactory.getDefault(), 0, behaviour);
    }

    RawServer(ServerSocketFactory factory, int port, Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            socket = factory.createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Answers every request with this, and closes. */
    static RawServer saying(String answer) {
        return new RawServer((connection, out) -> {
            request(connection);
            out.write(answer.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Returns a whole answer with a length. */
    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** Returns the head of the request; a server that closes before reading it would reset the connection. */
    static String request(Socket connection) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = connection.getInputStream().read();
            if (c < 0) {
                break;
            }
            head.append((char) c);
        }
        return head.toString();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                open.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            behaviour.serve(connection, connection.getOutputStream());
        } catch (Exception e) {
            // the client went away, as it should
        }
    }

    private static void daemon(Runnable body) {
        Thread thread = new Thread(body, "raw server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
