package io.jenkins.plugins.pymacaron.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Stands before a registry and hangs up in the middle of uploads, as a registry that is restarted does. */
final class FlakyProxy implements Closeable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String host;
    private final int port;
    private final AtomicInteger failures;
    private final AtomicLong sent = new AtomicLong();

    /** @param failures how many connections break that upload something */
    FlakyProxy(String registry, int failures) throws IOException {
        host = registry.replaceFirst(":.*", "");
        port = Integer.parseInt(registry.replaceFirst(".*:", ""));
        this.failures = new AtomicInteger(failures);
        daemon(this::accept);
    }

    String registry() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Returns the number of bytes that came from clients until now. */
    long sent() {
        return sent.get();
    }

    int left() {
        return Math.max(0, failures.get());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket upstream = new Socket(host, port);
                daemon(() -> copy(client, upstream, true));
                daemon(() -> copy(upstream, client, false));
            } catch (IOException e) {
                // closed, or the next one may work
            }
        }
    }

    private void copy(Socket from, Socket to, boolean requests) {
        byte[] chunk = new byte[4096];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (requests) {
                    sent.addAndGet(n);
                }
                String text = new String(chunk, 0, n, StandardCharsets.ISO_8859_1);
                if (requests
                        && (text.startsWith("PATCH") || text.startsWith("PUT"))
                        && failures.getAndDecrement() > 0) {
                    return;
                }
                out.write(chunk, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // the other side is gone
        }
    }

    private static void daemon(Runnable body) {
        Thread thread = new Thread(body, "flaky proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
