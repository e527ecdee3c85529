package io.jenkins.plugins.pymacaron.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.CommandFailedException;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Manages the images in the engine, and their transfer to and from registries. */
public final class Images {
    private final Docker docker;

    Images(Docker docker) {
        this.docker = docker;
    }

    /** Reads an image. @param reference a tag, a digest or an id */
    public Optional<ImageFacts> inspect(String reference) throws IOException, InterruptedException {
        List<ImageFacts> found = inspect(List.of(reference));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    /** Returns those of {@code references} that exist. */
    public List<ImageFacts> inspect(List<String> references) throws IOException, InterruptedException {
        if (references.isEmpty()) {
            return List.of();
        }
        Optional<List<JsonNode>> read = docker.readEach(references, reference -> "/images/" + reference + "/json");
        if (read.isPresent()) {
            return read.get().stream().map(ImageFacts::of).toList();
        }
        ProcessResult finished = docker.attempt(
                Command.of("image", "inspect", "--").and(references).within(Docker.SHORT));
        if (!finished.ok() && references.size() > 1) {
            return Docker.each(references, this::inspect);
        }
        if (!finished.ok() && !finished.tail().contains("No such image")) {
            throw DockerErrors.of("inspecting the image " + references.get(0), finished);
        }
        List<ImageFacts> all = new ArrayList<>();
        for (JsonNode image : DockerJson.parse(finished.output())) {
            all.add(ImageFacts.of(image));
        }
        return all;
    }

    /** Returns the images with all of these labels; an empty value matches any value. */
    public List<ImageFacts> labelled(Map<String, String> labels) throws IOException, InterruptedException {
        Optional<EngineApi.Answer> answer = docker.read("/images/json?" + EngineApi.labelled(labels));
        if (answer.isPresent()) {
            return inspect(answer.get().each("Id").stream().distinct().toList());
        }
        Command list = Command.of("image", "ls", "--quiet", "--no-trunc").within(Docker.SHORT);
        String ids = docker.query("listing images", list.and(Docker.labelFilters(labels)));
        return inspect(ids.lines().distinct().toList());
    }

    /**
     * The engine's messages where another build or a clean-up deletes an image that this build has begun to use. The
     * build itself is good, and another attempt succeeds. The messages and the retry are nuclio's (dockerclient,
     * retryOnErrorMessages); the engine's own are in moby's image/store.go and daemon/commit.go.
     */
    private static final List<String> IMAGE_GONE = List.of(
            "No such image: sha256:",
            "unknown parent image ID sha256:",
            "failed to set parent sha256:",
            "failed to get digest sha256:");

    private static final int BUILD_ATTEMPTS = 3;

    /** Builds an image, and tries again where an image that it uses is deleted meanwhile. Its lines go to the log. */
    public void build(BuildRequest request) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                buildOnce(request);
                return;
            } catch (CommandFailedException e) {
                if (attempt == BUILD_ATTEMPTS || IMAGE_GONE.stream().noneMatch(e.tail()::contains)) {
                    throw e;
                }
                docker.processes()
                        .say("an image that this build rests on was removed meanwhile; building again (" + attempt
                                + " of " + (BUILD_ATTEMPTS - 1) + ")");
            }
        }
    }

    private void buildOnce(BuildRequest request) throws IOException, InterruptedException {
        EngineFacts engine = docker.engine();
        Builder builder = docker.builder();
        List<String> arguments = new ArrayList<>();
        if (builder == Builder.BUILDX) {
            // The chosen builder may keep its images to itself unless told to load them into the engine.
            arguments.addAll(List.of("buildx", "build", "--load"));
        } else {
            arguments.add("build");
        }
        if (builder.isBuildKit()) {
            arguments.addAll(List.of("--progress", "plain"));
        } else {
            arguments.add("--force-rm");
        }
        arguments.addAll(List.of("--platform", request.platform(), "--file", request.dockerfile()));
        if (!engine.canPublish()) {
            arguments.addAll(List.of("--network", "host"));
        }
        if (request.fresh()) {
            arguments.add("--no-cache");
        }
        request.tags().forEach(tag -> arguments.addAll(List.of("--tag", tag)));
        arguments.add("-");
        docker.stream(
                "building the image",
                Command.of(arguments)
                        .with("DOCKER_BUILDKIT", builder.isBuildKit() ? "1" : "0")
                        .with("BUILDX_NO_DEFAULT_ATTESTATIONS", "1")
                        .feeding(request.context())
                        .within(request.timeout()));
    }

    public void pull(String reference, Optional<String> platform, Duration timeout)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("pull", "--quiet"));
        platform.ifPresent(p -> arguments.addAll(List.of("--platform", p)));
        arguments.addAll(List.of("--", reference));
        docker.query("pulling " + reference, Command.of(arguments).within(timeout));
    }

    /**
     * Pushes one tag once; its lines go to the log.
     *
     * @return the digest of the manifest in the registry, {@code sha256:…}
     */
    public String push(String tag, Duration timeout) throws IOException, InterruptedException {
        return digest(
                tag,
                docker.stream("pushing " + tag, Command.of("push", "--", tag).within(timeout))
                        .output());
    }

    /** Pushes the image of {@link #push} under another tag: its layers are not listed again. */
    public String pushAgain(String tag, Duration timeout) throws IOException, InterruptedException {
        return digest(
                tag,
                docker.query("pushing " + tag, Command.of("push", "--", tag).within(timeout)));
    }

    /** Reads the digest: the last line is "TAG: digest: sha256:… size: N", in all clients. */
    private static String digest(String tag, String output) throws IOException {
        int at = output.lastIndexOf("digest: sha256:");
        if (at < 0) {
            throw new IOException("pushing " + tag + " failed: docker did not say the digest of what it pushed");
        }
        return output.substring(at + "digest: ".length()).split("\\s", 2)[0];
    }

    public void tag(String source, String tag) throws IOException, InterruptedException {
        docker.query("tagging " + tag, "tag", "--", source, tag);
    }

    /** Removes a tag, and the image if it was the last one. Nothing happens if it does not exist. */
    public void remove(String reference) throws IOException, InterruptedException {
        ProcessResult finished =
                docker.attempt(Command.of("image", "rm", "--", reference).within(Docker.SHORT));
        if (!finished.ok() && !finished.tail().contains("No such image")) {
            throw DockerErrors.of("removing the image " + reference, finished);
        }
    }
}
