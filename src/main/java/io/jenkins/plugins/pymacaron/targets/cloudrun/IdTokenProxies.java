package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * Returns the URL at which to ask a service: its own, if everybody may call it, and otherwise that of a
 * {@link IdTokenProxy}.
 */
final class IdTokenProxies {
    private final CloudRunClient connection;
    private final boolean open;
    private final Map<String, IdTokenProxy> doors = new HashMap<>();

    /** Makes the proxies. @param open whether everybody may call the service */
    IdTokenProxies(CloudRunClient connection, boolean open) {
        this.connection = connection;
        this.open = open;
    }

    /**
     * Returns the URL to ask.
     *
     * @param service the URL of the service itself: a token is made for it, also where one of its tags is asked
     */
    synchronized URI to(String service, String url) throws TargetException, IOException {
        if (open) {
            return URI.create(url);
        }
        IdTokenProxy door = doors.get(url);
        if (door == null) {
            GoogleCredential credential = connection.credential();
            door = new IdTokenProxy(URI.create(url), () -> credential.idToken(service));
            doors.put(url, door);
        }
        return door.address();
    }
}
