package io.jenkins.plugins.pymacaron.accept;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a service wants to be asked.
 *
 * @param timeout for one request, its answer included
 * @param checkTls whether the certificate has to be good
 * @param host in the Host header; empty for that of the address
 * @param basePath below which /ping and /version are; "" or beginning with a slash, and never ending with one
 * @param guesses names of hosts and base paths, the latter with a slash, that may be missing here: where the service
 *     refuses, they are tried, to tell what is missing
 */
public record Asking(Duration timeout, boolean checkTls, Optional<String> host, String basePath, List<String> guesses) {
    public Asking {
        guesses = List.copyOf(guesses);
    }

    /** At the address itself, by its own name. */
    public static Asking plain(Duration timeout, boolean checkTls) {
        return new Asking(timeout, checkTls, Optional.empty(), "", List.of());
    }

    /** By the name of the address, as where a proxy finds its way by that. */
    public Asking byItsAddress() {
        return new Asking(timeout, checkTls, Optional.empty(), basePath, guesses);
    }

    /** The same with another limit. */
    public Asking within(Duration limit) {
        return new Asking(limit, checkTls, host, basePath, guesses);
    }

    Asking by(String name) {
        return new Asking(timeout, checkTls, Optional.of(name), basePath, guesses);
    }

    Asking below(String path) {
        return new Asking(timeout, checkTls, host, path, guesses);
    }
}
