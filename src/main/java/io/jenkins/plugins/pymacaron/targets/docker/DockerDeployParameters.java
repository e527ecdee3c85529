package io.jenkins.plugins.pymacaron.targets.docker;

import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of {@link DockerDeployOperation}.
 *
 * @param creation the container that is to serve; {@code creates} is false where it exists already
 * @param runs whether it ran before, so that it is neither started nor stopped by the undo
 * @param old the container that serves now and is to leave the port
 * @param shared whether both can listen on the port at once
 * @param expected the deployment that has to serve when the operation begins, "" for none; absent = not compared
 * @param within the time limit until the container serves
 * @param beside the containers that run at other ports of the environment when the operation is planned, such as the
 *     one that serves in a staging with a new port each time
 */
record DockerDeployParameters(
        Deployed deployed,
        ContainerCreation creation,
        boolean creates,
        boolean runs,
        Optional<String> old,
        boolean shared,
        Optional<String> expected,
        Duration within,
        List<String> beside) {

    DockerDeployParameters(
            Deployed deployed,
            ContainerCreation creation,
            boolean creates,
            boolean runs,
            Optional<String> old,
            boolean shared,
            Optional<String> expected,
            Duration within) {
        this(deployed, creation, creates, runs, old, shared, expected, within, List.of());
    }

    /** Returns the same parameters with containers that run too and do not have to leave the port. */
    DockerDeployParameters beside(List<String> containers) {
        return new DockerDeployParameters(deployed, creation, creates, runs, old, shared, expected, within, containers);
    }

    /** Returns whether a proxy answers at the URL of the container. */
    boolean isProxied() {
        return !creation.labels()
                .getOrDefault(DockerMetadata.ADDRESS, deployed.url())
                .equals(deployed.url());
    }

    String container() {
        return creation.container();
    }

    Map<String, String> toParams() {
        Map<String, String> params = new HashMap<>();
        deployed.toMap().forEach((name, value) -> params.put("deployed." + name, value));
        creation.toArgs().forEach((name, value) -> params.put("creation." + name, value));
        params.put("creates", Boolean.toString(creates));
        params.put("runs", Boolean.toString(runs));
        old.ifPresent(name -> params.put("old", name));
        params.put("shared", Boolean.toString(shared));
        expected.ifPresent(id -> params.put("expected", id));
        params.put("within", within.toString());
        params.put("beside", String.join(" ", beside));
        return Map.copyOf(params);
    }

    static DockerDeployParameters read(Map<String, String> params) {
        return new DockerDeployParameters(
                Deployed.fromMap(below("deployed.", params)).orElseThrow(),
                ContainerCreation.read(below("creation.", params)),
                Boolean.parseBoolean(params.get("creates")),
                Boolean.parseBoolean(params.get("runs")),
                Optional.ofNullable(params.get("old")),
                Boolean.parseBoolean(params.get("shared")),
                Optional.ofNullable(params.get("expected")),
                Duration.parse(params.get("within")),
                Arrays.stream(params.getOrDefault("beside", "").split(" "))
                        .filter(name -> !name.isEmpty())
                        .toList());
    }

    private static Map<String, String> below(String prefix, Map<String, String> params) {
        Map<String, String> found = new HashMap<>();
        params.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }
}
