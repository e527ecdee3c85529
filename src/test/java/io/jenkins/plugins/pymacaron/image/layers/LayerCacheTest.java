package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerCacheTest {
    @TempDir
    Path temporary;

    @TempDir
    Path work;

    private LayerCache cache(String key) throws IOException {
        return new LayerCache(temporary.resolve("cache"), Optional.ofNullable(key));
    }

    private void put(LayerCache cache, String name, String content) throws IOException {
        cache.put(name, Files.writeString(temporary.resolve("made"), content));
    }

    private Optional<Path> get(LayerCache cache, String name) throws IOException {
        return cache.get(name, work);
    }

    /** Returns the directory of the only key. */
    private Path sealed() throws IOException {
        try (Stream<Path> all = Files.list(temporary.resolve("cache"))) {
            return all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    /** The tests of a change request run as the same user as the builds that are trusted. */
    @Test
    void noFileOfABuildWithoutTheKeyCountsAndNoneReplacesAnother() throws Exception {
        put(cache("key"), "layer", "ours");
        put(cache(null), "layer", "of a stranger");
        put(cache(null), "more", "of a stranger");

        assertThat(get(cache("key"), "layer")).get().satisfies(file -> assertThat(file)
                .hasContent("ours"));
        assertThat(get(cache("key"), "more")).isEmpty();
        assertThat(get(cache(null), "layer")).get().satisfies(file -> assertThat(file)
                .hasContent("of a stranger"));
    }

    @Test
    void aFileIsUsedAsItWasWhenItWasChecked() throws Exception {
        put(cache("key"), "layer", "ours");
        Path used = get(cache("key"), "layer").orElseThrow();
        Files.writeString(sealed().resolve("layer"), "changed");

        assertThat(used).hasContent("ours");
        assertThat(get(cache("key"), "layer")).isEmpty();
        assertThat(work).isEmptyDirectory();
    }

    @Test
    void aSealIsOfOneNameOnly() throws Exception {
        put(cache("key"), "one", "content");
        Path directory = sealed();
        for (String end : new String[] {"", ".seal"}) {
            Files.copy(directory.resolve("one" + end), directory.resolve("other" + end));
        }

        assertThat(get(cache("key"), "other")).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void aDirectoryThatOthersMayChangeIsRefused() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("cache"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThatThrownBy(() -> cache("key")).hasMessageContaining("other users may write to it");
        Files.delete(directory);
        Files.createSymbolicLink(directory, work);
        assertThatThrownBy(() -> cache("key")).hasMessageContaining(directory + " is a link");
        assertThat(work).isEmptyDirectory();
    }

    @Test
    void aBlobCountsByItsDigest() throws Exception {
        LayerCache cache = cache("key");
        String digest = Sha256.of("content".getBytes(StandardCharsets.UTF_8));
        cache.putBlob(digest, Files.writeString(cache.fresh(), "content"));

        assertThat(cache(null).blob(digest)).isPresent();
        Files.writeString(cache.blob(digest).orElseThrow(), "changed");
        assertThat(cache.blob(digest)).isEmpty();
    }

    @Test
    void unusedFilesAreDeleted() throws Exception {
        put(cache("key"), "old", "a");
        put(cache("key"), "new", "b");
        age(sealed().resolve("old"), Duration.ofDays(31));
        Path abandoned = age(cache("key").fresh(), Duration.ofHours(25));
        Path current = cache("key").fresh();

        cache("key").prune();

        assertThat(sealed().resolve("old")).doesNotExist();
        assertThat(get(cache("key"), "new")).isPresent();
        assertThat(abandoned).doesNotExist();
        assertThat(current).exists();
    }

    @Test
    void noFailureOfPruningEndsABuild() throws Exception {
        LayerCache cache = cache("key");
        put(cache, "old", "a");
        Files.delete(age(sealed().resolve("old"), Duration.ofDays(31)));
        Files.createDirectory(sealed().resolve("old"));
        cache.prune();
        try (Stream<Path> all = Files.walk(temporary.resolve("cache"))) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }

        assertThatCode(cache::prune).doesNotThrowAnyException();
    }

    private static Path age(Path file, Duration by) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(by)));
    }
}
