package io.jenkins.plugins.pymacaron.docker;

/** The way in which {@code docker build} works, which depends on the client more than on the engine. */
public enum Builder {
    /** The legacy builder, the only one of a client from 23.0 on without the buildx plugin. */
    LEGACY,
    /** BuildKit within the engine, driven by a client of 18.09 to 20.10. */
    BUILDKIT,
    /** BuildKit by the buildx plugin, whose builder need not be the engine's. */
    BUILDX;

    public boolean isBuildKit() {
        return this != LEGACY;
    }
}
