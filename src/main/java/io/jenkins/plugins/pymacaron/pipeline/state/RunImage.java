package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.image.BuiltImage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The facts that a run keeps of its image, to have it again when it is resumed. */
public final class RunImage {
    private RunImage() {}

    public static Map<String, String> toMap(BuiltImage image) {
        Map<String, String> map = new TreeMap<>();
        map.put("repository", image.repository());
        map.put("version", image.version());
        map.put("tag", image.contentTag());
        map.put("commit", image.commit());
        image.id().ifPresent(id -> map.put("id", id));
        image.digest().ifPresent(digest -> map.put("digest", digest));
        map.put("origin", image.origin().name());
        map.put("base", image.baseName());
        map.put("baseDigest", image.baseDigest());
        return map;
    }

    public static BuiltImage fromMap(Map<String, String> map) {
        return new BuiltImage(
                map.get("repository"),
                map.get("version"),
                map.get("tag"),
                map.get("commit"),
                Optional.ofNullable(map.get("id")),
                Optional.ofNullable(map.get("digest")),
                BuiltImage.Origin.valueOf(map.get("origin")),
                map.get("base"),
                map.get("baseDigest"));
    }
}
