package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.BuiltImage.Origin;
import io.jenkins.plugins.pymacaron.image.ImageSpec;
import io.jenkins.plugins.pymacaron.image.Labels;
import io.jenkins.plugins.pymacaron.image.Registry;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.util.Optional;

/** Finds an image by its version, here or in the registry. */
final class ExistingImages {
    private final Docker docker;

    ExistingImages(Docker docker) {
        this.docker = docker;
    }

    /** @throws StageFailedException when there is no such image, or one that is not of this service */
    BuiltImage find(String repository, String version, ImageSpec spec)
            throws StageFailedException, IOException, InterruptedException {
        String name = repository + ":" + version;
        Optional<ImageFacts> here = docker.images().inspect(name);
        if (here.isEmpty()) {
            Registry.Lookup lookup = new Registry(docker).look(repository, version);
            if (lookup.digest().isEmpty()) {
                throw new StageFailedException(
                        RunOutcome.CONFIG_INVALID,
                        "there is no image " + name + ", neither here nor in its registry"
                                + lookup.trouble().map(t -> " (" + t + ")").orElse(""));
            }
            docker.images().pull(name, Optional.of(spec.platform()), spec.timeout());
            here = docker.images().inspect(name);
        }
        ImageFacts facts = here.orElseThrow(() -> new IOException("the engine lost " + name));
        if (!facts.label(Labels.NAME).equals(spec.name())
                || !facts.label(Labels.VERSION).equals(version)) {
            throw new StageFailedException(
                    RunOutcome.CONFIG_INVALID, name + " is not an image of version " + version + " of " + spec.name());
        }
        Optional<String> digest = facts.digests().stream()
                .filter(d -> d.startsWith(repository + "@"))
                .map(d -> d.substring(d.indexOf('@') + 1))
                .findFirst();
        return new BuiltImage(
                repository,
                version,
                facts.label(Labels.CONTENT),
                facts.label(Labels.COMMIT),
                Optional.of(facts.id()),
                digest,
                Origin.LOCAL,
                facts.label("org.opencontainers.image.base.name"),
                facts.label("org.opencontainers.image.base.digest"));
    }
}
