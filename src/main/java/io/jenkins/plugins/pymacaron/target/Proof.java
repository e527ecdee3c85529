package io.jenkins.plugins.pymacaron.target;

import io.jenkins.plugins.pymacaron.accept.Probe;
import io.jenkins.plugins.pymacaron.config.Accept;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Asks a URL for its version so often that more than one who answers there would show. */
public final class Proof {
    /** Fact: the version that every answer named. */
    public static final String VERSION = "version";

    private final Probe probe;
    private final int times;

    public Proof(Probe probe, int times) {
        this.probe = probe;
        this.times = times;
    }

    public static Proof of(Accept accept, boolean checkTls) {
        return new Proof(new Probe(accept.requestTimeout(), checkTls), accept.consecutive());
    }

    /** {@link #VERSION}, or under {@link Unchanged#ERROR} why there is none. */
    public Map<String, String> ask(URI url) {
        Set<String> versions = new LinkedHashSet<>();
        try {
            for (int i = 0; i < times && versions.size() < 2; i++) {
                versions.add(probe.version(url));
            }
        } catch (IOException e) {
            return Map.of(Unchanged.ERROR, String.valueOf(e.getMessage()));
        }
        return versions.size() == 1
                ? Map.of(VERSION, versions.iterator().next())
                : Map.of(Unchanged.ERROR, "versions " + String.join(" and ", versions) + " answer by turns");
    }
}
