package io.jenkins.plugins.pymacaron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Ports for services under test: one is given again only when all others were, which takes a long run. */
public final class FreePorts {
    /** Below 32,768, from where Linux takes the ports of connections (ip_local_port_range). */
    private static final int FIRST = 20_000;

    private static final int BLOCK = 500;
    private static final int BLOCKS = 20;

    /** Ports from a part of the range that the other process of a parallel build rarely uses, in no order. */
    private static final List<Integer> PORTS = shuffled();

    /** Guarded by the class. */
    private static int given;

    private FreePorts() {}

    private static List<Integer> shuffled() {
        int first = FIRST + (int) (ProcessHandle.current().pid() % BLOCKS) * BLOCK;
        List<Integer> ports =
                new ArrayList<>(IntStream.range(first, first + BLOCK).boxed().toList());
        Collections.shuffle(ports);
        return ports;
    }

    /** Returns a port at which nothing listens. */
    public static synchronized int next() {
        for (int i = 0; i < BLOCK; i++) {
            int port = PORTS.get(given++ % BLOCK);
            if (isFree(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(new IOException("no port is free from " + Collections.min(PORTS) + " on"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
