package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.Containers;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Lists the containers of an engine that have these labels, running or not; an empty value means any. */
@FunctionalInterface
interface ContainerList {
    List<ContainerFacts> labelled(Map<String, String> labels) throws IOException, InterruptedException;

    /** The same in no order; of each only its name, its state and our {@link DockerMetadata} are known, but not when it was started. */
    default List<ContainerFacts> brief(Map<String, String> labels) throws IOException, InterruptedException {
        return labelled(labels);
    }

    /** Of a real engine. A brief look is one call of docker, the other one two. */
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
