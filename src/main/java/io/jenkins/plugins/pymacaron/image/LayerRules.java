package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds what {@code builder: layers} cannot build: all that needs a step in a container. */
final class LayerRules {
    private static final String ADVICE = "Use builder: docker";

    private LayerRules() {}

    static List<Problem> problems(SourceTree source, ImageSpec spec) throws IOException {
        List<Problem> all = new ArrayList<>();
        Path directory = source.directory();
        if (Files.exists(directory.resolve(ImageBuilder.EXTRA), LinkOption.NOFOLLOW_LINKS)) {
            all.add(Problem.error(
                    ImageBuilder.EXTRA,
                    "builder: layers runs no instructions of a Dockerfile",
                    ADVICE + ", or give the base image what it adds."));
        }
        if (spec.withAsync()) {
            all.add(Problem.error(
                    "with_async",
                    "builder: layers cannot check whether the image has redis-server and git",
                    ADVICE + "."));
        }
        if (Files.isRegularFile(directory.resolve(Requirements.MAIN))) {
            Requirements requirements = Requirements.of(directory);
            if (!requirements.selfContained()) {
                all.add(Problem.error(
                        Requirements.MAIN,
                        "builder: layers installs no directory or file of the project",
                        ADVICE + ", or require packages by name only."));
            }
            if (requirements.editable()) {
                all.add(Problem.error(
                        Requirements.MAIN,
                        "builder: layers installs nothing in editable mode (-e), since the image would have a link to a"
                                + " directory of this machine",
                        ADVICE + ", or remove -e."));
            }
            for (String file : requirements.files()) {
                if (!directory
                        .resolve(file)
                        .toRealPath()
                        .equals(directory.toRealPath().resolve(file).normalize())) {
                    all.add(Problem.error(file, "builder: layers follows no link to requirements", ADVICE + "."));
                }
            }
        }
        return all;
    }

    /**
     * Refuses links that lead out of the unpacked source, before a program follows them: in a container they would lead
     * to files of the image, and here to those of this machine.
     */
    static void checkLinks(Path tree) throws IOException {
        Path root = tree.toRealPath();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                if (Files.exists(link) && !link.toRealPath().startsWith(root)) {
                    throw new SourceException(root.relativize(link)
                            + " is a link that leads out of the service's directory, and builder: layers generates the"
                            + " code of apis/ on this machine. Remove the link, or use builder: docker.");
                }
            }
        }
    }
}
