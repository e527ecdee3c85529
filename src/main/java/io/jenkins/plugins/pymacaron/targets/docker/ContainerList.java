package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Containers;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Lists the containers of an engine that have these labels, running or not; an empty value matches any value. */
@FunctionalInterface
interface ContainerList {
    List<ContainerFacts> labelled(Map<String, String> labels) throws IOException, InterruptedException;

    /**
     * Lists the same containers in no particular order. Only the name, the state and our {@link DockerMetadata} of each
     * are known, not its start time.
     */
    default List<ContainerFacts> brief(Map<String, String> labels) throws IOException, InterruptedException {
        return labelled(labels);
    }

    /** Returns the list of a real engine. A brief look is one call of docker, the full look is two. */
    static ContainerList of(Containers containers) {
        return new ContainerList() {
            @Override
            public List<ContainerFacts> labelled(Map<String, String> labels) throws IOException, InterruptedException {
                return containers.labelled(labels);
            }

            @Override
            public List<ContainerFacts> brief(Map<String, String> labels) throws IOException, InterruptedException {
                return containers.listed(labels, DockerMetadata.OF_A_CONTAINER);
            }
        };
    }
}
