package io.jenkins.plugins.pymacaron.image.layers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A base image as far as a build needs it.
 *
 * @param manifest of the image for one platform
 * @param packages a tar of its Python packages
 */
public record BaseContent(BaseManifest manifest, BaseFacts facts, Path packages) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Gives the blobs of the base image. */
    public interface Blobs {
        /** Returns a file with the blob of a layer, whose digest has been checked. */
        Path file(BaseManifest.Layer layer) throws IOException, InterruptedException;
    }

    /**
     * Reads the base image, or what an earlier build has read.
     *
     * @param work a directory that only this user can enter; the files of the content are there
     */
    public static BaseContent of(BaseManifest manifest, LayerCache cache, Path work, Blobs blobs)
            throws IOException, InterruptedException {
        String name = "base-" + Sha256.hex(manifest.digest());
        Optional<Path> known = cache.get(name + ".json", work);
        Optional<Path> packages = known.isPresent() ? cache.get(name + ".tar", work) : Optional.empty();
        if (packages.isPresent()) {
            return new BaseContent(manifest, MAPPER.readValue(known.get().toFile(), BaseFacts.class), packages.get());
        }
        try (BaseScan scan = new BaseScan(cache.fresh())) {
            for (BaseManifest.Layer layer : manifest.layers()) {
                scan.layer(blobs.file(layer), layer.digest());
            }
            BaseFacts facts = scan.facts();
            Path tar = work.resolve(name + ".tar");
            scan.write(tar);
            cache.put(name + ".json", Files.write(work.resolve(name + ".json"), MAPPER.writeValueAsBytes(facts)));
            cache.put(name + ".tar", tar);
            return new BaseContent(manifest, facts, tar);
        }
    }
}
