package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile tars: nothing is written through a link, or outside. */
class FileTreeTest {
    private Path outside;
    private FileTree tree;

    @BeforeEach
    void make(@TempDir Path temporary) throws Exception {
        outside = Files.createDirectory(temporary.resolve("outside"));
        tree = new FileTree(Files.createDirectory(temporary.resolve("tree")));
    }

    private void link(String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK);
        entry.setLinkName(target);
        tree.put(entry, name, InputStream.nullInputStream());
    }

    private void file(String name) throws IOException {
        tree.put(new TarArchiveEntry(name), name, new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void noFileIsWrittenBelowALink() throws Exception {
        link("a/b", outside.toString());

        assertThatThrownBy(() -> file("a/b/c")).hasMessage("a/b is a file or a link, and a directory too");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aFileReplacesALinkAndNotItsTarget() throws Exception {
        Path target = Files.writeString(outside.resolve("target"), "kept");
        link("a", target.toString());

        file("a");

        assertThat(target).hasContent("kept");
        assertThat(tree.root().resolve("a")).isRegularFile().hasContent("content");
    }

    @Test
    void aLinkThatReplacesADirectoryIsNoDirectory() throws Exception {
        file("a/b");
        link("a", outside.toString());

        assertThatThrownBy(() -> file("a/c")).hasMessage("a is a file or a link, and a directory too");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void noNameLeadsOut() {
        assertThatThrownBy(() -> file("a/../../outside/c")).hasMessage("a/../../outside/c leads out of its directory");
        assertThatThrownBy(() -> file("/etc/c")).hasMessage("/etc/c leads out of its directory");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void nothingIsDeletedBelowALink() throws Exception {
        Path target = Files.writeString(outside.resolve("target"), "kept");
        link("a", outside.toString());

        tree.delete("a/target");

        assertThat(target).hasContent("kept");
    }

    @Test
    void aDeviceIsRefused() {
        TarArchiveEntry device = new TarArchiveEntry("null", TarArchiveEntry.LF_CHR);

        assertThatThrownBy(() -> tree.put(device, "null", InputStream.nullInputStream()))
                .hasMessage("null is neither a file, a directory nor a link");
    }
}
