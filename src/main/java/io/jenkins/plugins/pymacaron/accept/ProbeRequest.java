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
public record ProbeRequest(
        Duration timeout, boolean checkTls, Optional<String> host, String basePath, List<String> guesses) {
    public ProbeRequest {
        guesses = List.copyOf(guesses);
    }

    /** At the address itself, by its own name. */
    public static ProbeRequest plain(Duration timeout, boolean checkTls) {
        return new ProbeRequest(timeout, checkTls, Optional.empty(), "", List.of());
    }

    /** By the name of the address, as where a proxy finds its way by that. */
    public ProbeRequest byItsAddress() {
        return new ProbeRequest(timeout, checkTls, Optional.empty(), basePath, guesses);
    }

    /** The same with another limit. */
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
