package io.jenkins.plugins.pymacaron.accept;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * GET requests to a service that may be anything: each over a connection of its own, without redirects, bounded in size
 * and in time. A connection of its own, since one that was kept would still reach a container that is about to leave.
 */
final class Http {
    private static final int BODY_LIMIT = 64 << 10;

    /** An answer of any status. */
    record Answer(int status, String body) {}

    private final Duration timeout;
    private final boolean checkTls;

    /**
     * @param timeout for a whole request, its body included
     * @param checkTls false trusts any certificate, as for a load balancer asked by its own name
     */
    Http(Duration timeout, boolean checkTls) {
        this.timeout = timeout;
        this.checkTls = checkTls;
    }

    Answer get(URI uri) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        try {
            if (!checkTls && connection instanceof HttpsURLConnection https) {
                https.setSSLSocketFactory(trustingAll().getSocketFactory());
                https.setHostnameVerifier((host, session) -> true);
            }
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestProperty("Connection", "close");
            connection.setConnectTimeout(left(deadline));
            connection.setReadTimeout(left(deadline));
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Answer(status, body == null ? "" : read(body, deadline));
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } finally {
            connection.disconnect();
        }
    }

    private static String read(InputStream body, long deadline) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[4096];
        for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
            left(deadline);
            if (bytes.size() + n > BODY_LIMIT) {
                throw new IOException("the answer is larger than " + BODY_LIMIT + " bytes");
            }
            bytes.write(chunk, 0, n);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int left(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    private static SSLContext trustingAll() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /** Only for {@code NO_SSL_CHECK}, which the user or the stage has asked for. */
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
