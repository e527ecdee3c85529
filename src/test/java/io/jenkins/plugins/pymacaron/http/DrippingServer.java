package io.jenkins.plugins.pymacaron.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers each request with a head at once, and with a body without end: of a byte now and then, or as fast as it is read.
 */
public final class DrippingServer implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000_000;

    private final ServerSocket socket;
    private final String head;
    private final byte[] piece;
    private final long pause;

    public DrippingServer() throws IOException {
        this(200, "Content-Length: 1000000", 1, PAUSE_NANOS);
    }

    private DrippingServer(int status, String header, int size, long pause) throws IOException {
        head = "HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n";
        piece = " ".repeat(size).getBytes(StandardCharsets.US_ASCII);
        this.pause = pause;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** Returns a server whose bodies come as fast as they are read. */
    public static DrippingServer flooding(int status) throws IOException {
        return new DrippingServer(status, "Connection: close", 1 << 16, 0);
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
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            while (!socket.isClosed()) {
                out.write(piece);
                out.flush();
                LockSupport.parkNanos(pause);
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
