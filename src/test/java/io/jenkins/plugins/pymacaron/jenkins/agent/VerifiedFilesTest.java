package io.jenkins.plugins.pymacaron.jenkins.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the hashes of files which the code of a workspace can change, and whose times it can set. */
class VerifiedFilesTest {
    private static final Duration LATER = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final List<Path> read = new ArrayList<>();
    private Instant now;
    private Path file;

    private final VerifiedFiles files = new VerifiedFiles(
            path -> {
                read.add(path);
                return Sha256.of(path);
            },
            () -> now);

    @BeforeEach
    void file() throws Exception {
        file = Files.writeString(directory.resolve("engine-0.jar"), "the engine");
        now = Instant.now().plus(LATER);
    }

    private void assertTrueHash() throws Exception {
        assertThat(files.hash(file)).isEqualTo(Sha256.of(file));
    }

    @Test
    void anUnchangedFileIsReadOnce() throws Exception {
        assertTrueHash();
        assertTrueHash();

        assertThat(read).containsExactly(file);
    }

    @Test
    void aChangeIsSeenWhoseSizeAndTimeAreThoseOfBefore() throws Exception {
        FileTime time = Files.getLastModifiedTime(file);
        assertTrueHash();
        Files.writeString(file, "the Engine");
        Files.setLastModifiedTime(file, time);

        assertTrueHash();
    }

    @Test
    void anotherFileOfTheNameIsRead() throws Exception {
        FileTime time = Files.getLastModifiedTime(file);
        assertTrueHash();
        Path other = Files.writeString(directory.resolve("other"), "the Engine");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        assertTrueHash();
    }

    /** The next change may come before the clock of the file system ticks. */
    @Test
    void aFileThatHasJustChangedIsReadAgain() throws Exception {
        now = Instant.now();
        assertTrueHash();
        assertTrueHash();

        assertThat(read).hasSize(2);
    }
}
