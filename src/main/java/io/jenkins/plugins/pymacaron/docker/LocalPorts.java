package io.jenkins.plugins.pymacaron.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds ports of this machine. */
public final class LocalPorts {
    private static final int FIRST = 20_000;

    /**
     * Linux takes the ports of connections from 32768 on (Linux, "IP Sysctl", ip_local_port_range), Kubernetes those of its
     * nodes from 30000 on ("Service", type NodePort). A port of these is easily lost between the look and the use.
     */
    private static final int END = 30_000;

    private static final int TRIES = 100;

    /** Counts from anywhere on, so that this process gives no port twice soon, and two processes rarely the same. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private LocalPorts() {}

    /**
     * Returns a port on which nothing listens. Another process may take it before it is used.
     *
     * @throws IOException when there is none
     */
    public static int free() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
            if (!isTaken(port)) {
                return port;
            }
        }
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
