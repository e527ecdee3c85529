package io.jenkins.plugins.pymacaron.image;

import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The base of our image, in its current state.
 *
 * @param name as given
 * @param reference for FROM: by digest if there is one
 * @param digest of the registry; of the engine, if it is in no registry
 */
record BaseImage(String name, String reference, String digest) {
    private static final Duration PULL = Duration.ofMinutes(20);

    /**
     * Resolves a base image.
     *
     * @param fresh whether to use the registry's image, rather than one of that name that the engine has already
     */
    static BaseImage resolve(Docker docker, Registry registry, String name, boolean fresh)
            throws IOException, InterruptedException {
        checkName(name);
        String repository = repository(name);
        Optional<ImageFacts> local = docker.images().inspect(name);
        if (local.isEmpty() || fresh) {
            Registry.Lookup remote = registry.look(repository, tag(name));
            if (remote.digest().isPresent()) {
                return inRegistry(name, remote.digest().get());
            }
            if (local.isEmpty() && remote.absent()) {
                throw new SourceException("docker_base: there is no image " + name
                        + ", neither in the engine nor in its registry. Correct the name, or log in if it is private.");
            }
        }
        if (local.isEmpty()) {
            // The registry refuses this program. The engine may have a way that this program does not have, a proxy or
            // a certificate.
            try {
                docker.images().pull(name, Optional.empty(), PULL);
            } catch (IOException e) {
                throw new IOException("docker_base " + name + " is not available: " + e.getMessage(), e);
            }
            local = docker.images().inspect(name);
        }
        ImageFacts facts = local.orElseThrow(() -> new IOException("the engine lost the image " + name));
        return facts.digests().stream()
                .filter(known -> known.startsWith(repository + "@"))
                .findFirst()
                .map(known -> new BaseImage(name, known, known.substring(repository.length() + 1)))
                .orElse(new BaseImage(name, name, facts.id()));
    }

    /** Resolves a base image by its registry alone. */
    static BaseImage inRegistry(Registry registry, String name) throws IOException, InterruptedException {
        checkName(name);
        Registry.Lookup remote = registry.look(repository(name), tag(name));
        if (remote.digest().isEmpty()) {
            throw new SourceException("docker_base: builder: layers needs " + name + " in its registry, and "
                    + remote.trouble().orElse("it is not there")
                    + ". Correct the name, push it, or log in if it is private.");
        }
        return inRegistry(name, remote.digest().get());
    }

    /** Refuses a registry that answers for another image than that of the digest in the name. */
    private static BaseImage inRegistry(String name, String digest) throws SourceException {
        if (name.contains("@") && !tag(name).equals(digest)) {
            throw new SourceException("docker_base: the registry answers with " + digest + " for " + name
                    + ". Another image is not used; ask the operator of the registry.");
        }
        return new BaseImage(name, repository(name) + "@" + digest, digest);
    }

    private static void checkName(String name) throws SourceException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._:/@-]*")) {
            throw new SourceException("docker_base: '" + name + "' is no name of an image. Correct it.");
        }
    }

    static String repository(String name) {
        String withoutDigest = name.replaceFirst("@.*", "");
        int colon = withoutDigest.lastIndexOf(':');
        return colon > withoutDigest.lastIndexOf('/') ? withoutDigest.substring(0, colon) : withoutDigest;
    }

    private static String tag(String name) {
        if (name.contains("@")) {
            return name.substring(name.indexOf('@') + 1);
        }
        String repository = repository(name);
        return repository.equals(name) ? "latest" : name.substring(repository.length() + 1);
    }
}
