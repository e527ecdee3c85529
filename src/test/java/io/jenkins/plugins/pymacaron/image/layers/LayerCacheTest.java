package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerCacheTest {
    @TempDir
    Path temporary;

    private LayerCache cache(String key) throws IOException {
        return new LayerCache(temporary.resolve("cache"), Optional.ofNullable(key));
    }

    private static void put(LayerCache cache, String name, String content) throws IOException {
        cache.put(name, Files.writeString(cache.fresh(), content));
    }

    /** The tests of a change request run as the same user as the builds that are trusted. */
    @Test
    void noFileOfABuildWithoutTheKeyCounts() throws Exception {
        put(cache(null), "layer", "of a stranger");

        assertThat(cache("key").get("layer")).isEmpty();
        assertThat(cache(null).get("layer")).isPresent();
        put(cache("key"), "layer", "ours");
        assertThat(cache("key").get("layer")).get().satisfies(file -> assertThat(file)
                .hasContent("ours"));
        Files.writeString(temporary.resolve("cache/layer"), "changed");
        assertThat(cache("key").get("layer")).isEmpty();
    }

    @Test
    void aSealIsOfOneNameOnly() throws Exception {
        put(cache("key"), "one", "content");
        Path directory = temporary.resolve("cache");
        for (String end : new String[] {"", ".seal"}) {
            Files.copy(
                    directory.resolve("one" + end),
                    directory.resolve("other" + end),
                    StandardCopyOption.REPLACE_EXISTING);
        }

        assertThat(cache("key").get("other")).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void aBlobCountsByItsDigest() throws Exception {
        LayerCache cache = cache("key");
        String digest = Sha256.of("content".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        cache.putBlob(digest, Files.writeString(cache.fresh(), "content"));

        assertThat(cache(null).blob(digest)).isPresent();
        Files.writeString(cache.blob(digest).orElseThrow(), "changed");
        assertThat(cache.blob(digest)).isEmpty();
    }

    @Test
    void unusedFilesAreDeleted() throws Exception {
        put(cache("key"), "old", "a");
        put(cache("key"), "new", "b");
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
        Files.setLastModifiedTime(temporary.resolve("cache/old"), before);

        cache("key").prune();

        assertThat(cache("key").get("old")).isEmpty();
        assertThat(cache("key").get("new")).isPresent();
    }
}
