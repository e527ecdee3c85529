package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.accept.ProbeRequest;
import io.jenkins.plugins.pymacaron.config.Accept;
import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks a URL for its version several times in a row, often enough to notice that more than one version answers there.
 */
public final class Proof {
    /** Fact: the version that every answer named. */
    public static final String VERSION = "version";

    private final Probe probe;
    private final int times;

    public Proof(Probe probe, int times) {
        this.probe = probe;
        this.times = times;
    }

    public static Proof of(PymConfig config, boolean checkTls) {
        return new Proof(new Probe(asking(config, checkTls)), config.accept().consecutive());
    }

    /** Returns the probe for a deployed service. Cloud Run finds a service by the name in its URL. */
    public static ProbeRequest asking(PymConfig config, boolean checkTls) {
        ProbeRequest direct = askingDirectly(config, checkTls);
        return config.target() == DeployTarget.CLOUD_RUN ? direct.byItsAddress() : direct;
    }

    /**
     * Returns the probe for a container that has nothing in front of it: as the configuration says. The names of the
     * service and of its host may be missing there.
     */
    public static ProbeRequest askingDirectly(PymConfig config, boolean checkTls) {
        Accept accept = config.accept();
        List<String> guesses = new ArrayList<>();
        config.findLiveUrl().map(LiveUrl::host).ifPresent(guesses::add);
        guesses.add("/" + config.name());
        return new ProbeRequest(accept.requestTimeout(), checkTls, accept.host(), accept.basePath(), guesses);
    }

    /** Returns {@link #VERSION}, or the reason why there is none under {@link LiveUnchangedCheck#ERROR}. */
    public Map<String, String> ask(URI url) {
        Set<String> versions = new LinkedHashSet<>();
        try {
            for (int i = 0; i < times && versions.size() < 2; i++) {
                versions.add(probe.version(url));
            }
        } catch (IOException e) {
            return Map.of(LiveUnchangedCheck.ERROR, String.valueOf(e.getMessage()));
        }
        return versions.size() == 1
                ? Map.of(VERSION, versions.iterator().next())
                : Map.of(LiveUnchangedCheck.ERROR, "versions " + String.join(" and ", versions) + " answer by turns");
    }
}
