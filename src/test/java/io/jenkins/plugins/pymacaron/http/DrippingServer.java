package io.jenkins.plugins.pymacaron.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** Answers each request with a good head at once, and with a body of which a byte comes now and then, without end. */
public final class DrippingServer implements AutoCloseable {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n";
    private static final long PAUSE_NANOS = 20_000_000;

    private final ServerSocket socket;

    public DrippingServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                daemon(() -> drip(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void drip(Socket connection) {
        try (connection) {
            connection.getInputStream().read(new byte[1 << 16]);
            OutputStream out = connection.getOutputStream();
            out.write(HEAD.getBytes(StandardCharsets.US_ASCII));
            while (!socket.isClosed()) {
                out.write(' ');
                out.flush();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            // the client has hung up, as it should
        }
    }

    private static void daemon(Runnable body) {
        Thread thread = new Thread(body, "dripping server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
