package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the jars beside a workspace, whose code writes to every file that it can reach. */
class PlaceJarsTest {
    private static final List<String> NAMES = List.of("engine-0.jar", "engine-1.jar");

    @TempDir
    Path root;

    private Path cache;
    private Path workspace;
    private PlaceJars place;

    @BeforeEach
    void cache() throws Exception {
        cache = Files.createDirectories(root.resolve("cache"));
        workspace = root.resolve("workspace");
        Files.writeString(cache.resolve(NAMES.get(0)), "the engine");
        Files.writeString(cache.resolve(NAMES.get(1)), "a library");
        place = new PlaceJars(
                cache.toString(),
                NAMES,
                List.of(Sha256.of(cache.resolve(NAMES.get(0))), Sha256.of(cache.resolve(NAMES.get(1)))));
    }

    private void assertGood(Path directory) throws Exception {
        assertThat(place.invoke(directory.toFile(), null)).isTrue();
        assertThat(directory.resolve(NAMES.get(0))).isRegularFile().hasContent("the engine");
        assertThat(directory.resolve(NAMES.get(1))).isRegularFile().hasContent("a library");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(NAMES);
        }
    }

    @Test
    void oneWorkspaceCannotChangeTheEngineOfAnother() throws Exception {
        Path other = root.resolve("other");
        assertGood(workspace);
        assertGood(other);
        // In place, as a process with an open file can.
        Files.writeString(workspace.resolve(NAMES.get(0)), "something else", StandardOpenOption.WRITE);
        assertThat(cache.resolve(NAMES.get(0))).hasContent("the engine");
        assertThat(other.resolve(NAMES.get(0))).hasContent("the engine");
        assertGood(workspace);
    }

    @Test
    void aFileInItsPlaceIsReplaced() throws Exception {
        assertGood(workspace);
        Path elsewhere = Files.writeString(root.resolve("elsewhere"), "the engine");
        Path jar = workspace.resolve(NAMES.get(0));
        Files.delete(jar);
        Files.createSymbolicLink(jar, elsewhere);
        assertGood(workspace);
        assertThat(jar).is(new org.assertj.core.api.Condition<>(p -> !Files.isSymbolicLink(p), "no link"));

        Files.delete(jar);
        Files.createLink(jar, elsewhere);
        assertGood(workspace);
        Files.writeString(elsewhere, "changed later");
        assertThat(jar).hasContent("the engine");
    }

    @Test
    void aCacheThatWasChangedIsOfNoUse() throws Exception {
        Files.writeString(cache.resolve(NAMES.get(1)), "another library");
        assertThat(place.invoke(workspace.toFile(), null)).isFalse();
        assertThat(workspace.resolve(NAMES.get(1))).doesNotExist();

        Path fresh = Files.createDirectories(root.resolve("fresh"));
        Files.writeString(fresh.resolve(NAMES.get(0)), "the engine");
        Files.writeString(fresh.resolve(NAMES.get(1)), "a library");
        new PublishToCache(cache.toString()).invoke(fresh.toFile(), null);
        assertGood(workspace);
        try (var files = Files.list(root)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("the old one is gone")
                    .containsExactlyInAnyOrder("cache", "workspace");
        }
    }
}
