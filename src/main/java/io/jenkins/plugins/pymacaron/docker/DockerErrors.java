package io.jenkins.plugins.pymacaron.docker;

import io.jenkins.plugins.pymacaron.docker.DockerUnavailableException.Why;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds, in the output of a failed docker client, the one line that a user needs. */
final class DockerErrors {
    /** The advice for a message, by words that engines and clients of 18.09 to 29 use. */
    private record Advice(String words, String text) {}

    private static final List<Advice> ADVICE = List.of(
            // It deletes all stopped containers (Docker CLI reference, system prune), and with them the kept versions.
            new Advice(
                    "no space left on device",
                    "The disk is full. Free some space, for instance by docker builder prune and docker image prune. Do"
                            + " not use docker system prune: it deletes the versions that are kept for a rollback."),
            new Advice(
                    "port is already allocated",
                    "Another program listens on this port. End it or choose another port."),
            new Advice(
                    "address already in use", "Another program listens on this port. End it or choose another port."),
            new Advice(
                    "exec format error",
                    "The engine's processor is not the one of the platform. Give the engine's machine QEMU for it (Debian:"
                            + " qemu-user-static), build on another one, or set platform to the engine's own if the"
                            + " target runs that."),
            new Advice("toomanyrequests", "The registry allows no more pulls now. Wait, or log in."));

    /**
     * The mark of an error at the beginning of a line, which BuildKit numbers; elsewhere in a line, it is a repeated
     * instruction.
     */
    private static final Pattern MARKED = Pattern.compile(
            "(?:#\\d+ )?(?:\\d+\\.\\d+ )?(?:docker: )?(?:Error response from daemon: |ERROR: |Error: |error: )(.*)");

    /**
     * Lines that may follow an error and do not explain it: hints, that a step of a build failed, and progress, which
     * comes by another stream and so sometimes late.
     */
    private static final List<String> NOISE = List.of(
            "{\"Client\":",
            "See 'docker",
            "DEPRECATED: The legacy builder",
            "BuildKit is currently disabled",
            "environment-variable.",
            "Run 'docker",
            "failed to start containers",
            "Removing intermediate container",
            "failed to solve",
            "executor failed running",
            "returned a non-zero code",
            "The push refers to repository",
            ": Preparing",
            ": Waiting",
            ": Layer already exists",
            ": Pushed");

    private DockerErrors() {}

    /** Returns the exception for a command that failed. */
    static IOException of(String doing, ProcessResult finished) {
        String tail = finished.tail();
        Optional<DockerUnavailableException> unavailable = unavailable(tail);
        if (unavailable.isPresent()) {
            return unavailable.get();
        }
        Optional<Advice> known = ADVICE.stream()
                .filter(one -> tail.toLowerCase(Locale.ROOT).contains(one.words()))
                .findFirst();
        String line = known.map(one -> line(tail, one))
                .orElseGet(() -> PipWords.reason(tail).or(() -> line(tail)).orElseGet(finished::reason));
        String advice = known.map(one -> " " + one.text()).orElse("");
        String end = advice.isEmpty() || line.endsWith(".") ? "" : ".";
        return new CommandFailedException(doing + " failed: " + line + end + advice, finished.exitCode(), tail);
    }

    private static Optional<DockerUnavailableException> unavailable(String tail) {
        String low = tail.toLowerCase(Locale.ROOT);
        if (low.contains("permission denied while trying to connect")
                || low.contains("docker.sock: connect: permission denied")) {
            return Optional.of(new DockerUnavailableException(
                    Why.NO_RIGHTS,
                    "docker: this user may not use the Docker engine. Add it to the group docker, or set DOCKER_HOST to"
                            + " an engine that it may use."));
        }
        // The client says "error during connect" of a request that it could not finish (docker/docker,
        // client/request.go).
        boolean lost = low.contains("error during connect");
        if (lost
                || low.contains("cannot connect to the docker daemon")
                || low.contains("failed to connect to the docker api")) {
            return Optional.of(new DockerUnavailableException(
                    lost ? Why.CONNECTION_LOST : Why.NOT_RUNNING,
                    "docker: no Docker engine answers (" + line(tail).orElse("no connection")
                            + "). Start it, or set DOCKER_HOST to one that runs."));
        }
        return Optional.empty();
    }

    /** Returns the last line that the advice is about: programs within a build print more after it. */
    private static String line(String tail, Advice known) {
        String line = tail.lines()
                .map(String::strip)
                .filter(l -> l.toLowerCase(Locale.ROOT).contains(known.words()))
                .reduce((before, l) -> l)
                .orElseThrow();
        return marked(line).orElse(line);
    }

    private static Optional<String> line(String tail) {
        List<String> all =
                tail.lines().map(BuildLines::plain).filter(l -> !l.isEmpty()).toList();
        List<String> lines = all.stream()
                .filter(line -> NOISE.stream().noneMatch(line::contains))
                .toList();
        return last(lines.stream().map(DockerErrors::marked).flatMap(Optional::stream))
                .or(() -> last(lines.stream()))
                .or(() -> last(all.stream()));
    }

    private static Optional<String> last(Stream<String> lines) {
        return lines.reduce((before, line) -> line);
    }

    private static Optional<String> marked(String line) {
        Matcher matcher = MARKED.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
