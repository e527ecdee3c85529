package io.jenkins.plugins.pymacaron.image;

import java.util.Optional;

/**
 * An image for a source tree.
 *
 * @param repository without a tag
 * @param version in its /pym/VERSION; of a reused image its own, not that of today
 * @param contentTag {@code src-<hash>}, or {@code open-<hash>} of one that was built without a key
 * @param commit that it was built from, in full; of a reused image its own
 * @param id in the engine; empty if only the registry has it
 * @param digest in the registry; empty if the registry is not known to have it
 * @param origin of the image
 * @param baseName as configured; empty if it is not known
 * @param baseDigest of the image that it was built on
 */
public record BuiltImage(
        String repository,
        String version,
        String contentTag,
        String commit,
        Optional<String> id,
        Optional<String> digest,
        Origin origin,
        String baseName,
        String baseDigest) {

    /** The origin of an image. */
    public enum Origin {
        BUILT,
        /** The engine had it. */
        LOCAL,
        /** The registry had it. */
        REGISTRY
    }

    public boolean reused() {
        return origin != Origin.BUILT;
    }

    /** Returns {@code repository:version}. */
    public String versionTag() {
        return repository + ":" + version;
    }

    /** Returns {@code repository:src-…}. */
    public String contentReference() {
        return repository + ":" + contentTag;
    }

    /** Returns the reference that docker can run: the digest if it was pushed, else its id. */
    public String reference() {
        return digest.map(d -> repository + "@" + d).or(() -> id).orElseGet(this::contentReference);
    }

    BuiltImage at(String newDigest) {
        return new BuiltImage(
                repository, version, contentTag, commit, id, Optional.of(newDigest), origin, baseName, baseDigest);
    }
}
