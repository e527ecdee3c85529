package io.jenkins.plugins.pymacaron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Ports for services under test, and for servers of tests: one is given again only when all others of its sort were,
 * which takes a long run.
 */
public final class FreePorts {
    /** Below 32,768, from where Linux takes the ports of connections (ip_local_port_range). */
    private static final int FIRST = 20_000;

    private static final int BLOCK = 500;
    private static final int BLOCKS = 24;

    /** Holds the first port of a block until this process ends, so that no other process takes the block. */
    private static final ServerSocket CLAIM = claim();

    private static final FreePorts SERVICES = new FreePorts(1, BLOCK / 2);
    private static final FreePorts SERVERS = new FreePorts(BLOCK / 2, BLOCK);

    /** Some ports of the block, in no order. */
    private final List<Integer> ports;

    private int given;

    private FreePorts(int from, int to) {
        int first = CLAIM.getLocalPort();
        ports = new ArrayList<>(
                IntStream.range(first + from, first + to).boxed().toList());
        Collections.shuffle(ports);
    }

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

    /** Returns a port at which nothing listens. */
    public static int next() {
        return SERVICES.free()
                .orElseThrow(() -> new UncheckedIOException(
                        new IOException("no port is free from " + CLAIM.getLocalPort() + " on")));
    }

    /**
     * Returns a port at which nothing listens, for a server that listens there at once; 0 for any port where there is
     * none. A server at any port may take one that a program has found free and has not used yet.
     */
    public static int ofServer() {
        return SERVERS.free().orElse(0);
    }

    private synchronized Optional<Integer> free() {
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get(given++ % ports.size());
            if (isFree(port)) {
                return Optional.of(port);
            }
        }
        return Optional.empty();
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
