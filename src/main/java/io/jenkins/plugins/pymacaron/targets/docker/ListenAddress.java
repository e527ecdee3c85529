package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import java.util.Optional;

/** The address at which containers listen. An engine has each port once, under every name of its host. */
final class ListenAddress {
    private ListenAddress() {}

    /**
     * Returns the address at which the container of a slot has to listen; empty for a staging that takes any free port.
     */
    static Optional<LiveUrl> of(Slot slot, PymConfig config) {
        return config.dockerAddress(slot).or(() -> url(slot, config));
    }

    /** Returns the address at which users call the slot: the same, or that of the proxy in front of it. */
    static Optional<LiveUrl> url(Slot slot, PymConfig config) {
        return slot == Slot.LIVE ? Optional.of(config.liveUrl()) : config.ownUrl();
    }

    /** Returns the address that a container was made with. */
    static String of(ContainerFacts c) {
        return c.labels().getOrDefault(DockerMetadata.ADDRESS, c.label(DockerMetadata.URL));
    }

    /** Returns the port, or 0 if its labels do not name it. */
    static int port(ContainerFacts c) {
        String url = of(c);
        return Integer.parseInt("0" + url.substring(url.lastIndexOf(':') + 1).replaceAll("\\D", ""));
    }
}
