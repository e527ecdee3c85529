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

    private static final int BLOCK = 250;
    private static final int BLOCKS = 48;

    /** Holds the first port of a block until this process ends, so that no other process takes the block. */
    private static final ServerSocket CLAIM = claim();

    /** The other ports of the block, in no order. */
    private static final List<Integer> PORTS = shuffled();

    /** Guarded by the class. */
    private static int given;

    private FreePorts() {}

    /** Takes a block that no other process has, of this build or another. */
    private static ServerSocket claim() {
        int begin = (int) (ProcessHandle.current().pid() % BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            try {
                return listen(FIRST + (begin + i) % BLOCKS * BLOCK);
            } catch (IOException e) {
                // Another process has it.
            }
        }
        throw new UncheckedIOException(new IOException("no block of ports is free from " + FIRST + " on"));
    }

    private static List<Integer> shuffled() {
        int first = CLAIM.getLocalPort() + 1;
        List<Integer> ports = new ArrayList<>(
                IntStream.range(first, first + BLOCK - 1).boxed().toList());
        Collections.shuffle(ports);
        return ports;
    }

    /** Returns a port at which nothing listens. */
    public static synchronized int next() {
        for (int i = 0; i < PORTS.size(); i++) {
            int port = PORTS.get(given++ % PORTS.size());
            if (isFree(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(new IOException("no port is free from " + Collections.min(PORTS) + " on"));
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = listen(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
