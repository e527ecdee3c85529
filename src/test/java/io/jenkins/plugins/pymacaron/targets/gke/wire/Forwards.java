package io.jenkins.plugins.pymacaron.targets.gke.wire;

import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Executor;

/**
 * Connections to the port of a pod, as Kubernetes carries them over WebSockets ({@code v4.channel.k8s.io}): the first byte
 * of a frame is its channel, 0 for the data of the first port and 1 for its errors, and the first frame of each is the
 * number of the port.
 */
final class Forwards {
    private static final String PROTOCOL = "v4.channel.k8s.io";
    /** RFC 6455, 1.3. */
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int CONTINUED = 0;
    private static final int LONGEST = 1 << 20;

    private final Executor threads;

    Forwards(Executor threads) {
        this.threads = threads;
    }

    static Refusal unfit(Request request) {
        if (!request.headers().getOrDefault("sec-websocket-protocol", "").contains(PROTOCOL)) {
            return new Refusal(400, "BadRequest", "unable to negotiate protocol: client supports no " + PROTOCOL);
        }
        return request.query().getOrDefault("ports", "").matches("\\d+")
                ? null
                : new Refusal(400, "BadRequest", "query parameter \"ports\" is required");
    }

    static void refuse(Refusal refusal, OutputStream out) throws IOException {
        byte[] body = refusal.status().getBytes(StandardCharsets.UTF_8);
        out.write(("HTTP/1.1 " + refusal.code + " No\r\nContent-Type: application/json\r\nConnection: close\r\n"
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    /** Carries bytes until one of the two ends it. */
    void carry(Request request, URI pod, InputStream in, OutputStream out) throws IOException {
        out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Protocol: " + PROTOCOL + "\r\nSec-WebSocket-Accept: "
                        + accept(request.headers().get("sec-websocket-key")) + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        int port = Integer.parseInt(request.query().get("ports"));
        for (int channel = 0; channel < 2; channel++) {
            write(out, BINARY, new byte[] {(byte) channel, (byte) port, (byte) (port >> 8)}, 3);
        }
        try (Socket to = new Socket(pod.getHost(), pod.getPort())) {
            threads.execute(() -> back(to, out));
            forth(new DataInputStream(in), to.getOutputStream());
        } catch (IOException e) {
            byte[] error = ("\u0001" + e.getMessage()).getBytes(StandardCharsets.UTF_8);
            write(out, BINARY, error, error.length);
        }
    }

    private static void back(Socket from, OutputStream out) {
        try {
            byte[] frame = new byte[16 << 10];
            int read;
            while ((read = from.getInputStream().read(frame, 1, frame.length - 1)) >= 0) {
                frame[0] = 0;
                write(out, BINARY, frame, read + 1);
            }
            write(out, CLOSE, new byte[0], 0);
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static void forth(DataInputStream in, OutputStream to) throws IOException {
        boolean data = true;
        while (true) {
            int kind = in.readUnsignedByte() & 0x0f;
            int length = in.readUnsignedByte() & 0x7f;
            long size = length < 126 ? length : length == 126 ? in.readUnsignedShort() : in.readLong();
            if (size > LONGEST) {
                throw new EOFException("a frame of " + size + " bytes");
            }
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes((int) size);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            if (kind == CLOSE) {
                return;
            }
            if (kind == BINARY && payload.length > 0) {
                data = payload[0] == 0;
                payload = Arrays.copyOfRange(payload, 1, payload.length);
            }
            if (data && (kind == BINARY || kind == CONTINUED)) {
                to.write(payload);
                to.flush();
            }
        }
    }

    private static void write(OutputStream out, int kind, byte[] payload, int length) throws IOException {
        synchronized (out) {
            out.write(0x80 | kind);
            if (length < 126) {
                out.write(length);
            } else {
                out.write(126);
                out.write(length >> 8);
                out.write(length);
            }
            out.write(payload, 0, length);
            out.flush();
        }
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
