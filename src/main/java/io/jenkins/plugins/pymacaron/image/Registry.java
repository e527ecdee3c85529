package io.jenkins.plugins.pymacaron.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.http.WholeAnswer;
import io.jenkins.plugins.pymacaron.image.layers.BaseManifest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Asks registries for their content, by their HTTP API (OCI distribution specification), with the credentials that
 * docker has for them. All other requests go through docker.
 */
public final class Registry {
    private static final int MOST_JSON = 4 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final RegistryHttp http;

    public Registry(Docker docker) {
        this.http = new RegistryHttp(docker);
    }

    /**
     * The answer of a registry about an image.
     *
     * @param digest of its manifest, {@code sha256:…}; empty if there is none or it is not known
     * @param trouble why there is no answer, one line; empty if the registry answered
     */
    public record Lookup(Optional<String> digest, Optional<String> trouble) {
        /** Returns whether the registry says that there is no such image. */
        public boolean absent() {
            return digest.isEmpty() && trouble.isEmpty();
        }
    }

    /** Looks for an image. @param reference a tag or a digest */
    public Lookup look(String repository, String reference) throws InterruptedException {
        RegistryName name = RegistryName.of(repository);
        try {
            WholeAnswer answer = http.ask(name, "HEAD", "/manifests/" + reference, 0);
            if (answer.status() == 200) {
                Optional<String> digest =
                        answer.headers().firstValue("Docker-Content-Digest").filter(Registry::isDigest);
                return digest.isPresent()
                        ? new Lookup(digest, Optional.empty())
                        : trouble(name, "does not tell the digest of its images");
            }
            if (answer.status() == 404) {
                return new Lookup(Optional.empty(), Optional.empty());
            }
            return trouble(
                    name,
                    answer.status() == 401 || answer.status() == 403
                            ? "refuses to tell about " + name.path() + " (" + answer.status() + ")"
                            : "answered " + answer.status());
        } catch (IOException e) {
            return trouble(name, "cannot be asked: " + RegistryHttp.reason(e));
        }
    }

    /**
     * Returns the labels of an image in the registry.
     *
     * @param platform which one to read, if the digest is of an index of several
     */
    public Map<String, String> labels(String repository, String digest, String platform)
            throws IOException, InterruptedException {
        RegistryName name = RegistryName.of(repository);
        JsonNode manifest = json(name, "/manifests/" + digest);
        Optional<String> one = ofPlatform(manifest, platform);
        if (one.isPresent()) {
            manifest = json(name, "/manifests/" + checked(one.get()));
        }
        JsonNode image = json(
                name, "/blobs/" + checked(manifest.path("config").path("digest").asText()));
        Map<String, String> labels = new TreeMap<>();
        image.path("config")
                .path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return Map.copyOf(labels);
    }

    /** Returns the digest of the manifest for a platform, where this one is an index of several. */
    private static Optional<String> ofPlatform(JsonNode manifest, String platform) {
        for (JsonNode one : manifest.path("manifests")) {
            if (BaseManifest.isFor(one.path("platform"), platform)) {
                return Optional.of(one.path("digest").asText());
            }
        }
        return Optional.empty();
    }

    /**
     * Returns an image's manifest and configuration, whose bytes have the digests that name them.
     *
     * @throws IOException with the end of a sentence about the image
     */
    BaseManifest read(String repository, String digest, String platform) throws IOException, InterruptedException {
        RegistryName name = RegistryName.of(repository);
        String own = digest;
        JsonNode manifest = verified(name, "/manifests/", own);
        if (manifest.has("manifests")) {
            own = checked(ofPlatform(manifest, platform)
                    .orElseThrow(() -> new IOException("there is no image for " + platform)));
            manifest = verified(name, "/manifests/", own);
        }
        JsonNode config = verified(
                name, "/blobs/", checked(manifest.path("config").path("digest").asText()));
        if (!BaseManifest.isFor(config, platform)) {
            String variant = config.path("variant").asText("");
            throw new IOException("it is for " + config.path("os").asText() + "/"
                    + config.path("architecture").asText() + (variant.isEmpty() ? "" : "/" + variant) + ", not for "
                    + platform);
        }
        return BaseManifest.of(own, manifest, config);
    }

    private JsonNode verified(RegistryName name, String kind, String digest) throws IOException, InterruptedException {
        WholeAnswer answer = http.ask(name, "GET", kind + digest, MOST_JSON);
        if (answer.status() != 200) {
            throw new IOException("its registry answered " + answer.status() + " for " + kind + digest);
        }
        if (!BaseManifest.hasDigest(answer.body(), digest)) {
            throw new IOException("its registry gives other bytes than those of " + digest);
        }
        try {
            return MAPPER.readTree(answer.body());
        } catch (JsonProcessingException e) {
            // The exception's own message has several lines.
            throw new IOException("its registry answered with no JSON for " + kind + digest, e);
        }
    }

    private JsonNode json(RegistryName name, String path) throws IOException, InterruptedException {
        WholeAnswer answer = http.ask(name, "GET", path, MOST_JSON);
        if (answer.status() != 200) {
            throw new IOException(
                    "the registry " + name.registry() + " answered " + answer.status() + " for " + name.path() + path);
        }
        try {
            return MAPPER.readTree(answer.body());
        } catch (JsonProcessingException e) {
            // The exception's own message has several lines.
            throw new IOException(
                    "the registry " + name.registry() + " answered with no JSON for " + name.path() + path, e);
        }
    }

    private static Lookup trouble(RegistryName name, String what) {
        return new Lookup(Optional.empty(), Optional.of("the registry " + name.registry() + " " + what));
    }

    private static String checked(String digest) throws IOException {
        if (!isDigest(digest)) {
            throw new IOException("the registry holds an image without a proper digest");
        }
        return digest;
    }

    private static boolean isDigest(String text) {
        return text.matches("sha256:[0-9a-f]{64}");
    }
}
