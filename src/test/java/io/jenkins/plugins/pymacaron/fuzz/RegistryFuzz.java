package io.jenkins.plugins.pymacaron.fuzz;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.image.Registry;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Any bytes as the answers of a registry and of its token service: what it says of an image, or one line. */
public final class RegistryFuzz {
    private static final Answers ANSWERS = new Answers();
    private static final Registry REGISTRY = registry();

    private RegistryFuzz() {}

    private static Registry registry() {
        try {
            Path config = Files.createTempDirectory("pymacaron-fuzz");
            config.toFile().deleteOnExit();
            return new Registry(new Docker(new Processes(SecretMask.NONE, line -> {}), Optional.of(config)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws InterruptedException {
        String repository = ANSWERS.saying(input).url().getAuthority() + "/team/hello";
        REGISTRY.look(repository, "1").trouble().ifPresent(Lines::one);
        try {
            REGISTRY.labels(repository, "sha256:" + "0".repeat(64), "linux/amd64");
        } catch (IOException e) {
            Lines.one(e.getMessage());
        }
    }
}
