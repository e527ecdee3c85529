package io.jenkins.plugins.pymacaron.report;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes XML by its byte order mark or its declaration (XML 1.0, appendix F). Bytes that are not in that encoding
 * become U+FFFD: one stray byte in the output of a test must not cost the report. The JDK's parser would refuse them,
 * and report that on the standard error too.
 */
final class XmlText {
    private static final int DECLARATION = 200;
    private static final Pattern ENCODING =
            Pattern.compile("^\\s*<\\?xml\\b[^>]*?\\bencoding\\s*=\\s*[\"']([^\"']{1,40})[\"']");

    private XmlText() {}

    /** Returns a reader. @throws IOException also for an encoding that Java does not know */
    static Reader reader(InputStream bytes) throws IOException {
        BufferedInputStream in = new BufferedInputStream(bytes);
        in.mark(DECLARATION);
        byte[] start = in.readNBytes(DECLARATION);
        in.reset();
        if (begins(start, 0xFE, 0xFF) || begins(start, 0xFF, 0xFE)) {
            return new InputStreamReader(in, StandardCharsets.UTF_16);
        }
        if (begins(start, 0xEF, 0xBB, 0xBF)) {
            in.skipNBytes(3);
            return new InputStreamReader(in, StandardCharsets.UTF_8);
        }
        Matcher declared = ENCODING.matcher(new String(start, StandardCharsets.ISO_8859_1));
        return new InputStreamReader(in, declared.find() ? charset(declared.group(1)) : StandardCharsets.UTF_8);
    }

    private static Charset charset(String name) throws IOException {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("unknown encoding " + name, e);
        }
    }

    private static boolean begins(byte[] bytes, int... with) {
        for (int i = 0; i < with.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != with[i]) {
                return false;
            }
        }
        return true;
    }
}
