package io.jenkins.plugins.pymacaron.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds ports for a new service: nothing listens there, and no other service of the same repository names them. */
final class FreePorts {
    private static final Pattern NAMED = Pattern.compile("://[^\\s/:]+:(\\d{2,5})\\b");
    private static final Pattern CONFIG = Pattern.compile("pym-config[^/]*\\.yaml");
    private static final int FIRST = 8090;
    private static final int TRIED = 200;
    private static final int DEPTH = 4;
    private static final int MOST_BYTES = 256 << 10;

    private final Set<String> taken = new HashSet<>();
    private int next = FIRST;

    static FreePorts beside(Path directory) throws IOException {
        FreePorts ports = new FreePorts();
        Optional<Path> root = RepositoryLocator.root(directory);
        for (Path config : root.isPresent() ? configs(root.get()) : List.<Path>of()) {
            Matcher named = NAMED.matcher(Files.readString(config, StandardCharsets.ISO_8859_1));
            while (named.find()) {
                ports.taken.add(named.group(1));
            }
        }
        return ports;
    }

    private static List<Path> configs(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root, DEPTH)) {
            return all.filter(file ->
                            CONFIG.matcher(String.valueOf(file.getFileName())).matches()
                                    && Files.isRegularFile(file)
                                    && file.toFile().length() <= MOST_BYTES)
                    .toList();
        }
    }

    /** Returns another port at each call. */
    int next() {
        for (int port = next; port < FIRST + TRIED; port++) {
            if (!taken.contains(Integer.toString(port)) && isFree(port)) {
                next = port + 1;
                return port;
            }
        }
        return next++;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
