package io.jenkins.plugins.pymacaron.docker;

/**
 * The abilities of this engine and this client.
 *
 * @param version of the engine
 * @param apiVersion of the engine
 * @param clientVersion of the {@code docker} program
 * @param builder the builder of images
 * @param canPublish whether ports of containers can be published; otherwise containers share the engine's own network
 * @param host the host at which published ports (or those of the shared network) are reached from here
 * @param arch the engine's processor as Go names it, "amd64" or "arm64"
 */
public record EngineFacts(
        String version,
        String apiVersion,
        String clientVersion,
        Builder builder,
        boolean canPublish,
        String host,
        String arch) {

    /** The way in which {@code docker build} works, which depends on the client more than on the engine. */
    public enum Builder {
        /** The legacy builder, the only one of a client from 23.0 on without the buildx plugin. */
        LEGACY,
        /** BuildKit within the engine, driven by a client of 18.09 to 20.10. */
        BUILDKIT,
        /** BuildKit by the buildx plugin, whose builder need not be the engine's. */
        BUILDX
    }

    public boolean buildkit() {
        return builder != Builder.LEGACY;
    }

    /** Returns the same engine, for containers on the network of its machine. */
    public EngineFacts withoutBridge() {
        return new EngineFacts(version, apiVersion, clientVersion, builder, false, host, arch);
    }

    /** Returns whether the engine is on this machine, so that its ports need not be open to others. */
    public boolean local() {
        return host.equals("127.0.0.1");
    }
}
