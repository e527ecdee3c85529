package io.jenkins.plugins.pymacaron.targets.gke.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Answers as an API server does to a client of HTTP/2 with a refused token: 401, and the end of the connection.
 *
 * <p>kubernetes/apiserver, {@code pkg/endpoints/filters/authentication.go}: with the feature
 * UnauthenticatedHTTP2DOSMitigation the answer has the header {@code Connection: close}, which Go's server turns into a
 * GOAWAY before that very answer (golang/net, {@code http2/server.go}, {@code writeChunk}).
 */
final class GoAway {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    /** RFC 7541: {@code :status} is 8 in the static table, {@code content-type} 31, each with a literal value. */
    private static final String ANSWER = "\u0008\u0003401\u000f\u0010\u0010application/json";

    private GoAway() {}

    static void answer(InputStream client, OutputStream server) throws IOException {
        DataInputStream in = new DataInputStream(client);
        DataOutputStream out = new DataOutputStream(server);
        byte[] preface = in.readNBytes(PREFACE.length());
        if (!new String(preface, StandardCharsets.ISO_8859_1).equals(PREFACE)) {
            return;
        }
        frame(out, SETTINGS, 0, 0, new byte[0]);
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            in.skipNBytes(length);
            if (type == SETTINGS && flags != ACK) {
                frame(out, SETTINGS, ACK, 0, new byte[0]);
            } else if (type == HEADERS) {
                refuse(out, stream);
                // The client closes; what it still sends is read, so that it does not lose our answer.
                in.transferTo(OutputStream.nullOutputStream());
                return;
            }
        }
    }

    private static void refuse(DataOutputStream out, int stream) throws IOException {
        byte[] last = {(byte) (stream >> 24), (byte) (stream >> 16), (byte) (stream >> 8), (byte) stream, 0, 0, 0, 0};
        frame(out, GOAWAY, 0, 0, last);
        frame(out, HEADERS, END_HEADERS, stream, ANSWER.getBytes(StandardCharsets.ISO_8859_1));
        String body = new Refusal(401, "Unauthorized", "Unauthorized").status();
        frame(out, DATA, END_STREAM, stream, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }
}
