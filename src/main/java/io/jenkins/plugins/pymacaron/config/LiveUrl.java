package io.jenkins.plugins.pymacaron.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * The address of a slot.
 *
 * @param uri {@code scheme://host[:port]}, the port as the user wrote it, without a path
 * @param host an IPv6 address in brackets
 * @param port the port to connect to, also where {@code uri} leaves it to the scheme
 * @param tls whether it uses https
 */
public record LiveUrl(URI uri, String host, int port, boolean tls) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final String LOOPBACK = "loopback";

    /** Makes an address by the rule of pymconfig: the port that is written, else 443 for https, else 80. */
    static LiveUrl of(boolean tls, String host, int writtenPort) {
        String text = (tls ? "https://" : "http://") + host + (writtenPort < 0 ? "" : ":" + writtenPort);
        int port = writtenPort >= 0 ? writtenPort : tls ? HTTPS : HTTP;
        return new LiveUrl(URI.create(text), host, port, tls);
    }

    /**
     * Returns whether the tests use the same protocol. PyMacaron's test classes use https on port 443 and http on every
     * other port, independent of the URL.
     */
    boolean testsSpeakTheSame() {
        return tls == (port == HTTPS);
    }

    /** Returns whether both lead to the same port of the same host, in any spelling. Asks no resolver. */
    public boolean isSameAddress(LiveUrl other) {
        return port == other.port && plainHost().equals(other.plainHost());
    }

    private String plainHost() {
        String plain = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        if (plain.startsWith("[")) {
            try {
                // A literal address, which is not looked up (InetAddress.getByName).
                InetAddress literal = InetAddress.getByName(plain);
                return literal.isLoopbackAddress() ? LOOPBACK : literal.getHostAddress();
            } catch (UnknownHostException e) {
                return plain;
            }
        }
        return plain.equals("localhost") || plain.matches("127(\\.[0-9]+){1,3}") ? LOOPBACK : plain;
    }

    /** Returns the URL as text, without a slash at its end. */
    @Override
    public String toString() {
        return uri.toString();
    }
}
