package io.jenkins.plugins.pymacaron.jenkins.step;

import io.jenkins.plugins.pymacaron.cli.Service;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage, and where it stands still: in a test of the service, or at a call of docker.
 *
 * @param stage its key
 * @param variables for its environment, but for the gate
 * @param step what runs it in a Pipeline, as {@link Scripts} writes steps
 */
public record HeldStage(String stage, List<String> variables, String step) {
    /** All stages of a deployment whose live is not accepted, in their order. */
    public static final List<HeldStage> ALL = List.of(
            inTests("unit", "unit", "pymTest()"),
            atDocker("build", "before", "build --", "pymBuild()"),
            inTests("container", "dev", "pymAccept()"),
            atDocker("push", "after", "push --", "pymPush()"),
            // The candidate of staging is made, and nothing knows it yet but the process.
            atDocker("staging", "after", "create", "pymDeploy()"),
            inTests("accept-staging", Service.NAME + "-staging", "pymAccept()"),
            // Live is about to be handed over.
            atDocker("promote", "before", "start -- pym-" + Service.NAME + "-live", "pymPromote()"),
            inTests("live", Service.NAME + "-live", "pymAccept(, onFailure: 'unstable')"),
            atDocker("rollback", "before", "start -- pym-" + Service.NAME + "-live", "pymRollback()"));

    public static HeldStage of(String stage) {
        return ALL.stream()
                .filter(held -> held.stage().equals(stage))
                .findFirst()
                .orElseThrow();
    }

    private static HeldStage inTests(String stage, String at, String step) {
        return new HeldStage(stage, List.of("E2E_WAIT_AT=" + at), step);
    }

    private static HeldStage atDocker(String stage, String when, String call, String step) {
        return new HeldStage(stage, List.of("E2E_DOCKER_WHEN=" + when, "E2E_DOCKER_AT=" + call), step);
    }

    /** Returns the content of a candidate. Each stage has one of its own: an image that exists is not built or pushed. */
    public String candidate(String name) {
        return name + "-" + stage;
    }

    Gate gate(Path root) {
        return new Gate(root, stage);
    }

    /** Returns the environment in which it stands still. */
    public List<String> environment(Gate gate) {
        List<String> all = new ArrayList<>();
        all.add(gate.variables("").get(0));
        all.add("E2E_DOCKER_AT=nothing");
        all.removeIf(variable -> variables.stream().anyMatch(v -> v.startsWith("E2E_DOCKER_AT="))
                && variable.startsWith("E2E_DOCKER_AT="));
        all.addAll(variables);
        return all;
    }

    /** Its step of a Pipeline, with a gate of its own. */
    String script(Path root) {
        StringBuilder quoted = new StringBuilder();
        environment(gate(root))
                .forEach(v ->
                        quoted.append(quoted.isEmpty() ? "'" : ", '").append(v).append('\''));
        return "withEnv([" + quoted + "]) { " + step + " }\n";
    }

    /**
     * Kills the core of the one running stage, by the number that its shell has written down.
     *
     * @param service its directory in the workspace
     */
    public static void killEngine(Path service) throws IOException {
        for (Path pid : files(service, "pid")) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(engine -> {
                engine.destroyForcibly();
                engine.onExit().join();
            });
        }
    }

    /**
     * Returns whether a stage that changes something runs there and has been told that its build no longer wants it, or
     * none runs.
     */
    public static boolean isUnwanted(Path service) throws IOException {
        return files(service, "wanted").isEmpty();
    }

    /** Returns the files of that name in the directories of stages. */
    private static List<Path> files(Path service, String name) throws IOException {
        List<Path> found = new ArrayList<>();
        Path stages = Path.of(service + "@tmp", "pymacaron");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(stages, "*-*")) {
            all.forEach(stage -> found.add(stage.resolve(name)));
        }
        found.removeIf(Files::notExists);
        return found;
    }
}
