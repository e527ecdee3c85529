package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.image.layers.LayerFiles.Directory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerFilesTest {
    private static final Owner USER = Owner.of("10001:10002");

    @TempDir
    Path temporary;

    private Path tree(String name, String mode, long time) throws IOException {
        Path tree = Files.createDirectory(temporary.resolve(name));
        for (String file : time == 1 ? List.of("b", "a") : List.of("a", "b")) {
            Path made = Files.writeString(tree.resolve(file), "content of " + file);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
            Files.setLastModifiedTime(made, FileTime.fromMillis(time));
        }
        Files.createSymbolicLink(tree.resolve("link"), Path.of("/nowhere"));
        return tree;
    }

    private LayerBlob write(LayerFiles files, String name) throws IOException {
        return files.write(temporary.resolve(name), path -> Directory.NEW);
    }

    @Test
    void timesMasksAndTheOrderOfTheDiskChangeNothing() throws Exception {
        LayerBlob one = write(new LayerFiles().takeAll("pym", tree("one", "rw-r--r--", 1), USER), "1.tar.gz");
        LayerBlob other = write(new LayerFiles().takeAll("pym", tree("other", "rw-rw-rw-", 999_000), USER), "2.tar.gz");

        assertThat(other.digest()).isEqualTo(one.digest());
        assertThat(other.diffId()).isEqualTo(one.diffId());
        assertThat(one.digest()).isEqualTo(Sha256.of(one.file()));
        assertThat(one.size()).isEqualTo(Files.size(one.file()));
        LayerBlob program = write(new LayerFiles().takeAll("pym", tree("program", "rwxr-xr-x", 1), USER), "3.tar.gz");
        assertThat(program.digest()).isNotEqualTo(one.digest());
    }

    /** An engine would make a missing directory itself, closed to all but root. */
    @Test
    void eachDirectoryAboveIsNamedAsInTheBase() throws Exception {
        LayerBlob blob = new LayerFiles()
                .file("pym/a/b", true, USER, new byte[] {1})
                .gone("pym/c/d")
                .write(
                        temporary.resolve("layer"),
                        path -> path.equals("pym") ? new Directory(0750, 7, 8) : Directory.NEW);

        List<String> entries = new ArrayList<>();
        try (InputStream in = Files.newInputStream(blob.file());
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add("%s %o %d:%d %d"
                        .formatted(
                                entry.getName(),
                                entry.getMode(),
                                entry.getLongUserId(),
                                entry.getLongGroupId(),
                                entry.getLastModifiedTime().toMillis()));
            }
        }
        assertThat(entries)
                .containsExactly(
                        "pym/ 750 7:8 0",
                        "pym/a/ 755 0:0 0",
                        "pym/a/b 755 10001:10002 0",
                        "pym/c/ 755 0:0 0",
                        "pym/c/.wh.d 644 0:0 0");
    }

    @Test
    void aNameThatDeletesIsRefused() throws Exception {
        Path tree = Files.createDirectory(temporary.resolve("tree"));
        Files.createFile(tree.resolve(".wh.server.py"));

        assertThatThrownBy(() -> new LayerFiles().takeAll("pym", tree, USER))
                .hasMessage("pym/.wh.server.py has a name that deletes files in an image. Rename it, or use builder:"
                        + " docker");
    }

    @Test
    void aFileBelowALinkIsRefused() {
        LayerFiles files = new LayerFiles().link("pym/a", "/etc", USER).file("pym/a/b", false, USER, new byte[0]);

        assertThatThrownBy(() -> write(files, "layer"))
                .hasMessage("pym/a/b would be below pym/a, which is no directory");
    }
}
