package io.jenkins.plugins.pymacaron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ports for services under test, none of them twice in one process. */
public final class FreePorts {
    /** Below 32,768, from where Linux takes the ports of connections (ip_local_port_range). */
    private static final int FIRST = 20_000;

    private static final int BLOCK = 500;
    private static final int BLOCKS = 20;
    private static final int TRIES = 10_000;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
    private static final Random RANDOM = new Random();

    private FreePorts() {}

    /** A port at which nothing listens, from a part of the range that the other process of a parallel build rarely uses. */
    public static int next() {
        int first = FIRST + (int) (ProcessHandle.current().pid() % BLOCKS) * BLOCK;
        for (int i = 0; i < TRIES; i++) {
            int port = first + RANDOM.nextInt(BLOCK);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(new IOException("no port is free from " + first + " on"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
