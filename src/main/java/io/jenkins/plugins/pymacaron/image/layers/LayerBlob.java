package io.jenkins.plugins.pymacaron.image.layers;

import java.nio.file.Path;

/**
 * A layer in a file.
 *
 * @param file the tar, compressed by gzip
 * @param digest of the file, {@code sha256:…}
 * @param diffId digest of the tar, {@code sha256:…}
 * @param size of the file in bytes
 */
public record LayerBlob(Path file, String digest, String diffId, long size) {}
