package io.jenkins.plugins.pymacaron.image.layers;

import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import java.io.IOException;
import java.net.URL;

/**
 * jib-core's client, which asks without encryption on loopback only. Otherwise the answer of a registry on loopback could
 * lead it, and the credentials, to another host without encryption.
 */
final class EncryptedHttpClient extends FailoverHttpClient {
    private final RegistrySession.Place place;

    EncryptedHttpClient(RegistrySession.Place place) {
        super(place.loopback(), place.loopback(), event -> {});
        this.place = place;
    }

    @Override
    public Response call(String method, URL url, Request request) throws IOException {
        if (!place.loopback()) {
            return super.call(method, url, request);
        }
        if (!isLoopback(url.getHost())) {
            throw new IOException("the registry leads to " + url.getHost() + ", which is another machine");
        }
        // The library would try TLS first, and wait until a server without it gives up.
        return super.call(
                method,
                place.server().equals(url.getAuthority())
                        ? new URL("http", url.getHost(), url.getPort(), url.getFile())
                        : url,
                request);
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
    }
}
