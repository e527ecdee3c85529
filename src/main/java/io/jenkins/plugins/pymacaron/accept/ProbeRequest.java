package io.jenkins.plugins.pymacaron.accept;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way to ask a service.
 *
 * @param timeout for one request, its answer included
 * @param checkTls whether the certificate has to be valid
 * @param host the Host header; empty for that of the address
 * @param basePath the path below which /ping and /version are; "" or beginning with a slash, and never ending with one
 * @param guesses names of hosts and base paths, the latter with a slash, that may be missing here: where the service
 *     refuses, they are tried, to tell which one is missing
 */
public record ProbeRequest(
        Duration timeout, boolean checkTls, Optional<String> host, String basePath, List<String> guesses) {
    public ProbeRequest {
        guesses = List.copyOf(guesses);
    }

    /** Returns a request for the address itself, by its own name. */
    public static ProbeRequest plain(Duration timeout, boolean checkTls) {
        return new ProbeRequest(timeout, checkTls, Optional.empty(), "", List.of());
    }

    /** Returns a request by the name of the address, for a proxy that routes by it. */
    public ProbeRequest byItsAddress() {
        return new ProbeRequest(timeout, checkTls, Optional.empty(), basePath, guesses);
    }

    /** Returns the same with another limit. */
    public ProbeRequest within(Duration limit) {
        return new ProbeRequest(limit, checkTls, host, basePath, guesses);
    }

    ProbeRequest by(String name) {
        return new ProbeRequest(timeout, checkTls, Optional.of(name), basePath, guesses);
    }

    ProbeRequest below(String path) {
        return new ProbeRequest(timeout, checkTls, host, path, guesses);
    }
}
