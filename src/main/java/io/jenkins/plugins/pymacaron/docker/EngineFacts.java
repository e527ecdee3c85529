package io.jenkins.plugins.pymacaron.docker;

/**
 * The abilities of this engine and this client.
 *
 * @param version of the engine
 * @param apiVersion of the engine
 * @param clientVersion of the {@code docker} program
 * @param os of the engine, "linux"
 * @param canPublish whether ports of containers can be published; otherwise containers share the engine's own network
 * @param host the host at which published ports (or those of the shared network) are reached from here
 * @param arch the engine's processor as Go names it, "amd64" or "arm64"
 */
public record EngineFacts(
        String version,
        String apiVersion,
        String clientVersion,
        String os,
        boolean canPublish,
        String host,
        String arch) {
    /** Returns the same engine, for containers on the network of its machine. */
    public EngineFacts withoutBridge() {
        return new EngineFacts(version, apiVersion, clientVersion, os, false, host, arch);
    }

    /** Returns whether the engine is on this machine, so that its ports need not be open to others. */
    public boolean local() {
        return host.equals("127.0.0.1");
    }
}
