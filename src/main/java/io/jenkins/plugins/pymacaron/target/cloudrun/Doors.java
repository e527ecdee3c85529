package io.jenkins.plugins.pymacaron.target.cloudrun;

import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.cloud.GoogleCredential;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Where to ask a URL of a service: there, if everybody may, and otherwise behind a {@link Door}. */
final class Doors {
    private final Connection connection;
    private final boolean open;
    private final Map<String, Door> doors = new HashMap<>();

    /** @param open whether everybody may call the service */
    Doors(Connection connection, boolean open) {
        this.connection = connection;
        this.open = open;
    }

    /** @param service the URL of the service itself: a token is for that one, also where one of its tags is asked */
    synchronized URI to(String service, String url) throws TargetException, IOException {
        if (open) {
            return URI.create(url);
        }
        Door door = doors.get(url);
        if (door == null) {
            GoogleCredential credential = connection.credential();
            door = new Door(URI.create(url), () -> credential.idToken(service));
            doors.put(url, door);
        }
        return door.address();
    }
}
