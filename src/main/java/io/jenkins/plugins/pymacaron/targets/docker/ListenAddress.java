package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import java.util.Optional;

/** Where containers listen. One engine has each port once, under whatever name of its host that is asked. */
final class ListenAddress {
    private ListenAddress() {}

    /** Where the container of a slot has to listen; empty for a staging that takes any free port. */
    static Optional<LiveUrl> of(Slot slot, PymConfig config) {
        return config.dockerAddress(slot).or(() -> url(slot, config));
    }

    /** Where its users call the slot: the same, or the proxy in front of it. */
    static Optional<LiveUrl> url(Slot slot, PymConfig config) {
        return slot == Slot.LIVE ? Optional.of(config.liveUrl()) : config.ownUrl();
    }

    /** Where a container was made to listen. */
    static String of(ContainerFacts c) {
        return c.labels().getOrDefault(DockerMetadata.ADDRESS, c.label(DockerMetadata.URL));
    }

    /** 0 if its labels do not say. */
    static int port(ContainerFacts c) {
        String url = of(c);
        return Integer.parseInt("0" + url.substring(url.lastIndexOf(':') + 1).replaceAll("\\D", ""));
    }
}
