package io.jenkins.plugins.pymacaron.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps programs from asking a proxy for services on this machine. Both spellings are set: curl reads no_proxy alone before
 * NO_PROXY (curl(1), "Environment"), Python's urllib reads no_proxy first (urllib.request.getproxies_environment), Go reads
 * NO_PROXY first (golang.org/x/net/http/httpproxy, FromEnvironment).
 */
final class LoopbackProxies {
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "127.0.0.2", "localhost", "::1");
    private static final List<String> PROXIES = List.of("http_proxy", "https_proxy", "all_proxy");
    private static final String LOWER = "no_proxy";
    private static final String UPPER = "NO_PROXY";

    private LoopbackProxies() {}

    /**
     * Adds the addresses of this machine to those that need no proxy, where the environment names a proxy at all.
     *
     * @param given names of variables that must not be changed, such as those of a service
     * @param direct other hosts of this machine, such as the address of a container
     */
    static void spare(Map<String, String> environment, Set<String> given, Set<String> direct) {
        boolean proxied = environment.entrySet().stream()
                .anyMatch(e -> PROXIES.stream().anyMatch(e.getKey()::equalsIgnoreCase)
                        && !e.getValue().isBlank());
        if (proxied) {
            String lower = environment.getOrDefault(LOWER, environment.getOrDefault(UPPER, ""));
            String upper = environment.getOrDefault(UPPER, environment.getOrDefault(LOWER, ""));
            put(environment, given, LOWER, with(lower, direct));
            put(environment, given, UPPER, with(upper, direct));
        }
    }

    private static void put(Map<String, String> environment, Set<String> given, String name, String value) {
        if (!given.contains(name)) {
            environment.put(name, value);
        }
    }

    private static String with(String given, Set<String> direct) {
        List<String> entries = new ArrayList<>(Arrays.stream(given.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList());
        if (!entries.contains("*")) {
            Stream.concat(LOOPBACK.stream(), direct.stream().sorted())
                    .filter(own -> !entries.contains(own))
                    .forEach(entries::add);
        }
        return String.join(",", entries);
    }
}
