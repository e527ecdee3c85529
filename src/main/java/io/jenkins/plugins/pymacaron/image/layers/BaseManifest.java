package io.jenkins.plugins.pymacaron.image.layers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The manifest and the configuration of a base image for one platform, as its registry has them.
 *
 * @param digest of the manifest
 * @param layers from the lowest
 * @param config the image's JSON (OCI image specification, "Image Configuration")
 */
public record BaseManifest(String digest, List<Layer> layers, JsonNode config) {
    /** Returns whether these bytes have that digest. */
    public static boolean hasDigest(byte[] bytes, String digest) {
        return Sha256.of(bytes).equals(digest);
    }

    /**
     * Returns whether an image is for a platform.
     *
     * @param image its configuration, or its platform in an index
     * @param platform {@code os/arch} or {@code os/arch/variant}
     */
    public static boolean isFor(JsonNode image, String platform) {
        String[] parts = platform.split("/");
        String usual = VARIANTS.getOrDefault(parts[1], "");
        String variant = image.path("variant").asText("");
        return parts[0].equals(image.path("os").asText())
                && parts[1].equals(image.path("architecture").asText())
                && (parts.length > 2 ? parts[2] : usual).equals(variant.isEmpty() ? usual : variant);
    }

    private static final String DIGEST = "sha256:[0-9a-f]{64}";
    private static final int MOST_LAYERS = 1000;
    private static final long MOST_BYTES = 64L << 30;
    /** The variants that images without one have (containerd, platforms/database.go). */
    private static final Map<String, String> VARIANTS = Map.of("arm", "v7", "arm64", "v8", "amd64", "v1");

    /** A layer of the base image. @param digest of its blob @param size of its blob in bytes */
    public record Layer(String digest, String diffId, long size) {}

    /**
     * Reads it.
     *
     * @throws IOException with one line, if the two do not belong together, or a layer cannot be read here
     */
    public static BaseManifest of(String digest, JsonNode manifest, JsonNode config) throws IOException {
        JsonNode blobs = manifest.path("layers");
        JsonNode diffIds = config.path("rootfs").path("diff_ids");
        if (!blobs.isArray() || blobs.isEmpty() || blobs.size() > MOST_LAYERS || blobs.size() != diffIds.size()) {
            throw new IOException("its manifest and its configuration name different layers");
        }
        List<Layer> layers = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < blobs.size(); i++) {
            JsonNode blob = blobs.get(i);
            String type = blob.path("mediaType").asText();
            if (!type.endsWith("gzip") || type.contains("foreign") || type.contains("nondistributable")) {
                throw new IOException("it has a layer of the type " + type + ", which builder: layers cannot read");
            }
            Layer layer = new Layer(
                    blob.path("digest").asText(),
                    diffIds.get(i).asText(),
                    blob.path("size").asLong(-1));
            if (!layer.digest().matches(DIGEST) || !layer.diffId().matches(DIGEST) || layer.size() < 0) {
                throw new IOException("its manifest names no digest and size for each layer");
            }
            if (layer.size() > MOST_BYTES - bytes) {
                throw new IOException("its layers have more than " + (MOST_BYTES >> 30) + " GB");
            }
            bytes += layer.size();
            layers.add(layer);
        }
        if (config.path("config").has("StopSignal")) {
            throw new IOException("it has a STOPSIGNAL, which builder: layers cannot keep");
        }
        if (!config.path("config").path("OnBuild").isEmpty()) {
            throw new IOException("it has an ONBUILD, which builder: layers does not run");
        }
        String variant = config.path("variant").asText("");
        if (!variant.isEmpty()
                && !variant.equals(VARIANTS.get(config.path("architecture").asText()))) {
            throw new IOException("it is for the variant " + variant + ", which builder: layers cannot keep");
        }
        return new BaseManifest(digest, layers, config);
    }
}
