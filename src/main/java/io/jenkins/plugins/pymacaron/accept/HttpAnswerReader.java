package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.accept.Http.Answer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one answer (RFC 9112): status, header fields, and a body by length, in chunks or to the end. */
final class HttpAnswerReader {
    private static final int BODY_LIMIT = 64 << 10;
    private static final int HEAD_LIMIT = 32 << 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: .*)?");

    private final InputStream in;
    private int head;

    HttpAnswerReader(InputStream in) {
        this.in = in;
    }

    Answer read() throws IOException {
        int status;
        Map<String, String> fields;
        do {
            Matcher line = STATUS.matcher(line());
            if (!line.matches()) {
                throw new IOException("the answer is no HTTP");
            }
            status = Integer.parseInt(line.group(1));
            fields = fields();
        } while (status < 200);
        byte[] body = status == 204 || status == 304 ? new byte[0] : body(fields);
        return new Answer(status, new String(body, StandardCharsets.UTF_8), fields.getOrDefault("location", ""));
    }

    private Map<String, String> fields() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private byte[] body(Map<String, String> fields) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (fields.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .endsWith("chunked")) {
            for (long size = chunk(); size > 0; size = chunk()) {
                take(body, size);
                line();
            }
        } else if (fields.containsKey("content-length")) {
            take(body, number(fields.get("content-length"), 10));
        } else {
            byte[] all = in.readNBytes(BODY_LIMIT + 1);
            body.write(all);
            check(body.size());
        }
        return body.toByteArray();
    }

    private long chunk() throws IOException {
        head = 0;
        return number(line().replaceFirst(";.*", ""), 16);
    }

    private void take(ByteArrayOutputStream body, long size) throws IOException {
        check(body.size() + size);
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new EOFException("the answer broke off");
        }
        body.write(bytes);
    }

    private static void check(long size) throws IOException {
        if (size > BODY_LIMIT) {
            throw new IOException("the answer is larger than " + BODY_LIMIT + " bytes");
        }
    }

    private static long number(String digits, int radix) throws IOException {
        String stripped = digits.strip();
        if (!stripped.matches("[0-9A-Fa-f]{1,12}")) {
            throw new IOException("the answer is no HTTP");
        }
        try {
            return Long.parseLong(stripped, radix);
        } catch (NumberFormatException e) {
            throw new IOException("the answer is no HTTP", e);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException(
                        head == 0 ? "the connection was closed without an answer" : "the answer broke off");
            }
            if (++head > HEAD_LIMIT) {
                throw new IOException("the answer's head is larger than " + HEAD_LIMIT + " bytes");
            }
            line.append((char) c);
        }
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        return line.toString();
    }
}
