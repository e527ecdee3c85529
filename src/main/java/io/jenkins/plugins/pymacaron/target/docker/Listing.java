package io.jenkins.plugins.pymacaron.target.docker;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Lists the containers of an engine that have these labels, running or not; an empty value means any. */
@FunctionalInterface
interface Listing {
    List<ContainerFacts> labelled(Map<String, String> labels) throws IOException, InterruptedException;
}
