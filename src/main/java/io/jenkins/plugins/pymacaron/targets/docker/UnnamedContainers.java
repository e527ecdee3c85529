package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Names containers that run and are left alone, since this configuration does not name their address. */
final class UnnamedContainers {
    private final ContainerOwnership ownership;
    private final DockerStateReader reader;

    UnnamedContainers(ContainerOwnership ownership, DockerStateReader reader) {
        this.ownership = ownership;
        this.reader = reader;
    }

    List<String> lines() throws IOException, InterruptedException {
        if (!ownership.isFirst()) {
            return List.of();
        }
        return of(reader.standing(DockerStateReader::runs));
    }

    /**
     * Returns a sentence for each.
     *
     * @param running the running ones of all containers on the engine that serve or have served
     */
    List<String> of(List<ContainerFacts> running) {
        if (!ownership.isFirst()) {
            return List.of();
        }
        return Stream.concat(
                        running.stream()
                                .filter(ownership::isRemoved)
                                .map(c -> where(c) + ", which this configuration does not name any more; a "
                                        + "clean-up ends it, and retention.removed: end does so after a deployment"),
                        running.stream()
                                .filter(ownership::isUncertain)
                                .map(c ->
                                        where(c) + ", was made by an earlier version, and this configuration does not "
                                                + "name that address, so it is left alone; if it is not needed: docker rm --force "
                                                + c.name()))
                .toList();
    }

    private static String where(ContainerFacts c) {
        return "container " + c.name() + " runs at " + ListenAddress.of(c);
    }
}
