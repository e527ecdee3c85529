package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.BuiltImage.Origin;
import io.jenkins.plugins.pymacaron.image.ImageBuilder;
import io.jenkins.plugins.pymacaron.image.ImageLabels;
import io.jenkins.plugins.pymacaron.image.ImageSpec;
import io.jenkins.plugins.pymacaron.image.Registry;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Finds an image by its version, on this machine or in the registry. */
public final class ExistingImages {
    private final Docker docker;
    private final boolean keyed;

    /**
     * Makes the finder.
     *
     * @param keyed whether this build has the deployment key, and so uses no image of a build without it
     */
    public ExistingImages(Docker docker, boolean keyed) {
        this.docker = docker;
        this.keyed = keyed;
    }

    /**
     * Returns the known facts of the image without fetching it; without an id if only the registry has it.
     *
     * @throws IOException with one line when there is no such image, or it is not of this service
     */
    public BuiltImage look(String repository, String version, ImageSpec spec) throws IOException, InterruptedException {
        String name = repository + ":" + version;
        Optional<ImageFacts> here = docker.images().inspect(name);
        if (here.isPresent()) {
            Optional<String> digest = here.get().digests().stream()
                    .filter(d -> d.startsWith(repository + "@"))
                    .map(d -> d.substring(d.indexOf('@') + 1))
                    .findFirst();
            return image(
                    repository,
                    version,
                    spec,
                    here.get().labels(),
                    Optional.of(here.get().id()),
                    digest);
        }
        Registry registry = new Registry(docker);
        Registry.Lookup lookup = registry.look(repository, version);
        if (lookup.digest().isEmpty()) {
            throw new IOException("there is no image " + name + ", neither here nor in its registry"
                    + lookup.trouble().map(t -> " (" + t + ")").orElse(""));
        }
        Map<String, String> labels = registry.labels(repository, lookup.digest().get(), spec.platform());
        return image(repository, version, spec, labels, Optional.empty(), lookup.digest());
    }

    /** Returns the image on this machine; otherwise as {@link #look}. */
    public BuiltImage find(String repository, String version, ImageSpec spec) throws IOException, InterruptedException {
        BuiltImage image = look(repository, version, spec);
        if (image.id().isPresent()) {
            return image;
        }
        docker.images().pull(image.versionTag(), Optional.of(spec.platform()), spec.timeout());
        return look(repository, version, spec);
    }

    private BuiltImage image(
            String repository,
            String version,
            ImageSpec spec,
            Map<String, String> labels,
            Optional<String> id,
            Optional<String> digest)
            throws IOException {
        if (!spec.name().equals(labels.get(ImageLabels.NAME)) || !version.equals(labels.get(ImageLabels.VERSION))) {
            throw new IOException(
                    repository + ":" + version + " is not an image of version " + version + " of " + spec.name());
        }
        // The image gets into the registry by a login only, which a stranger's build does not have.
        if (keyed && digest.isEmpty() && ImageBuilder.isOpen(labels.getOrDefault(ImageLabels.CONTENT, ""))) {
            throw new IOException(repository + ":" + version + " was built without the deployment key, as for a change"
                    + " request of a stranger, and is not deployed with it. Build it again from its commit.");
        }
        return new BuiltImage(
                repository,
                version,
                labels.getOrDefault(ImageLabels.CONTENT, ""),
                labels.getOrDefault(ImageLabels.COMMIT, ""),
                id,
                digest,
                id.isPresent() ? Origin.LOCAL : Origin.REGISTRY,
                labels.getOrDefault("org.opencontainers.image.base.name", ""),
                labels.getOrDefault("org.opencontainers.image.base.digest", ""));
    }
}
