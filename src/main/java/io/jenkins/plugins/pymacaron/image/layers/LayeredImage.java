package io.jenkins.plugins.pymacaron.image.layers;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.blob.BlobDescriptor;
import com.google.cloud.tools.jib.configuration.DockerHealthCheck;
import com.google.cloud.tools.jib.image.Image;
import com.google.cloud.tools.jib.image.LayerPropertyNotFoundException;
import com.google.cloud.tools.jib.image.ReferenceLayer;
import com.google.cloud.tools.jib.image.json.HistoryEntry;
import com.google.cloud.tools.jib.image.json.ImageToJsonTranslator;
import com.google.cloud.tools.jib.image.json.V22ManifestTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import java.io.IOException;
import java.security.DigestException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An image of a base image and layers of ours: its configuration and its manifest, which depend on nothing else.
 *
 * @param layers ours, from the lowest
 */
public record LayeredImage(BaseManifest base, List<LayerBlob> layers, byte[] config, V22ManifestTemplate manifest) {

    /** Assembles it. @param says the origin of each of our layers, for {@code docker history} */
    public static LayeredImage of(BaseManifest base, List<LayerBlob> layers, List<String> says, ImageSettings settings)
            throws IOException {
        try {
            Image image = image(base, layers, says, settings);
            ImageToJsonTranslator json = new ImageToJsonTranslator(image);
            byte[] config = JsonTemplateMapper.toByteArray(json.getContainerConfiguration());
            V22ManifestTemplate manifest = json.getManifestTemplate(
                    V22ManifestTemplate.class,
                    new BlobDescriptor(config.length, DescriptorDigest.fromDigest(Sha256.of(config))));
            return new LayeredImage(base, List.copyOf(layers), config, manifest);
        } catch (DigestException | LayerPropertyNotFoundException | IllegalArgumentException e) {
            throw new IOException("the base image has settings that cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns the digest of the manifest, which names the image. */
    public String digest() throws IOException {
        return Sha256.of(JsonTemplateMapper.toByteArray(manifest));
    }

    private static Image image(BaseManifest base, List<LayerBlob> layers, List<String> says, ImageSettings settings)
            throws IOException, DigestException, LayerPropertyNotFoundException {
        JsonNode config = base.config();
        JsonNode run = config.path("config");
        Image.Builder image = Image.builder(V22ManifestTemplate.class)
                .setCreated(settings.created())
                .setOs(config.path("os").asText("linux"))
                .setArchitecture(config.path("architecture").asText("amd64"))
                .setUser(settings.user())
                .setWorkingDirectory(settings.workingDirectory())
                .setProgramArguments(settings.command())
                .setHealthCheck(check(settings));
        if (run.path("Entrypoint").isArray() && !run.path("Entrypoint").isEmpty()) {
            image.setEntrypoint(texts(run.path("Entrypoint")));
        }
        for (String variable : texts(run.path("Env"))) {
            String[] parts = variable.split("=", 2);
            image.addEnvironmentVariable(parts[0], parts.length > 1 ? parts[1] : "");
        }
        image.addEnvironment(settings.environment());
        run.path("Labels")
                .properties()
                .forEach(
                        label -> image.addLabel(label.getKey(), label.getValue().asText()));
        image.addLabels(settings.labels());
        image.addExposedPorts(ports(run.path("ExposedPorts"), settings.port()));
        Set<AbsoluteUnixPath> volumes = new LinkedHashSet<>();
        run.path("Volumes").fieldNames().forEachRemaining(path -> volumes.add(AbsoluteUnixPath.get(path)));
        volumes.add(AbsoluteUnixPath.get(settings.volume()));
        image.addVolumes(volumes);
        if (config.path("history").isArray()) {
            for (HistoryEntry entry :
                    JsonTemplateMapper.readListOfJson(config.path("history").toString(), HistoryEntry.class)) {
                image.addHistory(entry);
            }
        }
        for (BaseManifest.Layer layer : base.layers()) {
            image.addLayer(layer(layer.digest(), layer.diffId(), layer.size()));
        }
        for (int i = 0; i < layers.size(); i++) {
            LayerBlob layer = layers.get(i);
            image.addLayer(layer(layer.digest(), layer.diffId(), layer.size()));
            image.addHistory(HistoryEntry.builder()
                    .setCreationTimestamp(settings.created())
                    .setCreatedBy("builder: layers, " + says.get(i))
                    .build());
        }
        return image.build();
    }

    private static ReferenceLayer layer(String digest, String diffId, long size) throws DigestException {
        return new ReferenceLayer(
                new BlobDescriptor(size, DescriptorDigest.fromDigest(digest)), DescriptorDigest.fromDigest(diffId));
    }

    private static DockerHealthCheck check(ImageSettings settings) {
        return DockerHealthCheck.fromCommand(settings.check())
                .setInterval(settings.interval())
                .setTimeout(settings.timeout())
                .setStartPeriod(settings.startPeriod())
                .build();
    }

    private static Set<Port> ports(JsonNode exposed, int port) {
        Set<Port> ports = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> one : exposed.properties()) {
            String[] parts = one.getKey().split("/", 2);
            ports.add(Port.parseProtocol(Integer.parseInt(parts[0]), parts.length > 1 ? parts[1] : "tcp"));
        }
        ports.add(Port.tcp(port));
        return ports;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    /**
     * Pushes what the registry does not have, without a tag: an image gets its tags when it is accepted.
     *
     * @param from the base's repository in the same registry; empty if it is in another registry
     * @return the number of bytes that were sent
     * @throws IOException with one line
     */
    public long push(RegistrySession registry, Optional<String> from, BaseContent.Blobs blobs)
            throws IOException, InterruptedException {
        for (BaseManifest.Layer layer : base.layers()) {
            boolean there =
                    registry.has(layer.digest()) || from.isPresent() && registry.mount(layer.digest(), from.get());
            if (!there) {
                registry.push(layer.digest(), blobs.file(layer));
            }
        }
        for (LayerBlob layer : layers) {
            if (!registry.has(layer.digest())) {
                registry.push(layer.digest(), layer.file());
            }
        }
        registry.push(Sha256.of(config), config);
        registry.push(manifest, digest());
        return registry.sent();
    }
}
