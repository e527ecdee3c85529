package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
    @Test
    void onlyWeCanEnterAndNothingStays(@TempDir Path elsewhere) throws Exception {
        Path path;
        Files.writeString(elsewhere.resolve("kept"), "kept");
        try (PrivateDirectory directory = PrivateDirectory.create("pymacaron-test")) {
            path = directory.path();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
            Path inner = Files.createDirectories(path.resolve("a/b"));
            Files.writeString(inner.resolve("file"), "x");
            Files.createSymbolicLink(path.resolve("link"), elsewhere);
            Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("---------"));
            Files.setPosixFilePermissions(path.resolve("a"), PosixFilePermissions.fromString("r-xr-xr-x"));
        }

        assertThat(path).doesNotExist();
        assertThat(elsewhere.resolve("kept")).exists();
    }

    @Test
    void itMayBeGoneAlready() throws Exception {
        PrivateDirectory directory = PrivateDirectory.create("pymacaron-test");
        Files.delete(directory.path());

        directory.close();

        assertThat(directory.path()).doesNotExist();
    }
}
