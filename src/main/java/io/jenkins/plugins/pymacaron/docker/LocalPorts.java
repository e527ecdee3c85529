package io.jenkins.plugins.pymacaron.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds ports of this machine. */
public final class LocalPorts {
    /** The kernel has about 14,000 ports to give (Linux, "IP Sysctl", ip_local_port_range); a run needs a few. */
    private static final int TRIES = 100;

    private static final int REMEMBERED = 1_000;

    /** The ports given last by this process, since regions are deployed side by side. Guarded by the class. */
    private static final Set<Integer> GIVEN = new LinkedHashSet<>();

    private LocalPorts() {}

    /**
     * Returns a port on which nothing listens, and none of the last ones. Another process may take it before it is
     * used.
     *
     * @throws IOException when there is none
     */
    public static synchronized int free() throws IOException {
        int port = unused();
        for (int i = 0; i < TRIES && !GIVEN.add(port); i++) {
            port = unused();
        }
        if (GIVEN.size() > REMEMBERED) {
            GIVEN.remove(GIVEN.iterator().next());
        }
        return port;
    }

    private static int unused() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.getLocalPort();
        }
    }

    /** Returns whether a service could not listen there. */
    public static boolean isTaken(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
