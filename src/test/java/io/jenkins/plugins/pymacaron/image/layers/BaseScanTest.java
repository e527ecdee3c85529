package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers of a base image, also hostile ones. */
class BaseScanTest {
    private static final String SITE = "pym/virtenv/lib/python3.11/site-packages";

    @TempDir
    Path temporary;

    private int made;

    /** An entry of a layer. */
    private record Part(TarArchiveEntry entry, byte[] content) {}

    private static Part file(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        return new Part(entry, bytes);
    }

    private static Part directory(String name) {
        return new Part(new TarArchiveEntry(name + "/"), new byte[0]);
    }

    private static Part other(String name, byte type, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setLinkName(target);
        return new Part(entry, new byte[0]);
    }

    private Path layer(Part... parts) throws IOException {
        Path file = temporary.resolve("layer" + made++);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (Part part : parts) {
                tar.putArchiveEntry(part.entry());
                tar.write(part.content());
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    /** Returns a layer whose last entry names a size that does not follow. */
    private Path boast(String name, long size) throws IOException {
        return boast(new TarArchiveEntry(name), size);
    }

    private Path boast(TarArchiveEntry entry, long size) throws IOException {
        Path file = temporary.resolve("layer" + made++);
        entry.setSize(size);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(header);
        }
        return file;
    }

    private Path environment(Part... more) throws IOException {
        List<Part> parts = new ArrayList<>(List.of(
                directory("pym"),
                directory("pym/virtenv"),
                file("pym/virtenv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n"),
                directory("pym/virtenv/bin"),
                file("pym/virtenv/bin/gunicorn", "#!"),
                other("pym/virtenv/bin/python", TarArchiveEntry.LF_SYMLINK, "/usr/bin/python3"),
                file("lib/x86_64-linux-gnu/libc.so.6", "GNU C Library stable release version 2.36.")));
        parts.addAll(Arrays.asList(more));
        return layer(parts.toArray(Part[]::new));
    }

    private BaseFacts facts(Path... layers) throws IOException {
        try (BaseScan scan = scan(layers)) {
            return scan.facts();
        }
    }

    private BaseScan scan(Path... layers) throws IOException {
        BaseScan scan = new BaseScan(temporary.resolve("spool" + made++));
        for (Path layer : layers) {
            scan.layer(layer, Sha256.of(layer));
        }
        return scan;
    }

    private Path open(Path layer) throws Exception {
        Path packages = temporary.resolve("packages.tar");
        BaseFacts facts;
        try (BaseScan scan = scan(layer)) {
            facts = scan.facts();
            scan.write(packages);
        }
        Path root = Files.createDirectory(temporary.resolve("root"));
        VirtualEnvironment.open(
                new BaseContent(null, facts, packages),
                new AgentPython(Path.of("/usr/bin/python3"), "3.11"),
                new Processes(SecretMask.NONE, line -> {}),
                root);
        return root;
    }

    @Test
    void theLayersTellPythonAndItsLibrary() throws Exception {
        BaseFacts facts = facts(environment(file("etc/passwd", "root:x:0:0::/root:/bin/sh\n")));

        assertThat(facts.python()).isEqualTo("3.11");
        assertThat(facts.gunicorn()).isTrue();
        assertThat(facts.libc()).isEqualTo("glibc 2.36");
        assertThat(facts.passwd()).startsWith("root:");
    }

    /** A whiteout deletes what earlier layers have, not its own layer's files (OCI image specification, "Whiteouts"). */
    @Test
    void aLaterLayerDeletesAndReplaces() throws Exception {
        Path first = environment(file(SITE + "/old.py", ""), file(SITE + "/kept.py", "1"));
        BaseFacts gone = facts(first, layer(file("pym/virtenv/bin/.wh.gunicorn", "")));
        BaseFacts opaque =
                facts(first, layer(file("pym/virtenv/bin/gunicorn", "new"), file("pym/virtenv/bin/.wh..wh..opq", "")));

        assertThat(gone.gunicorn()).isFalse();
        assertThat(opaque.gunicorn()).isTrue();
        assertThat(opaque.python()).as("its python was deleted").isEmpty();
    }

    @Test
    void noNameAndNoLinkOfABaseLeadsOut() throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Path root = open(environment(
                directory(SITE),
                file("../../outside/a", "x"),
                other(SITE + "/null", TarArchiveEntry.LF_CHR, ""),
                other(SITE + "/queue", TarArchiveEntry.LF_FIFO, ""),
                other(SITE + "/shadow", TarArchiveEntry.LF_LINK, "etc/shadow"),
                other(SITE + "/away", TarArchiveEntry.LF_SYMLINK, outside.toString())));

        assertThat(outside).isEmptyDirectory();
        assertThat(root.resolve(SITE)).isDirectoryNotContaining("glob:**/{null,queue,shadow}");
        assertThat(root.resolve(SITE + "/away")).isSymbolicLink();
    }

    @Test
    void aNameThatLeadsOutOfTheEnvironmentIsRefused() throws Exception {
        Path hostile = environment(file("pym/virtenv/../../../outside/b", "x"));

        assertThatThrownBy(() -> facts(hostile))
                .hasMessage("its file pym/virtenv/../../../outside/b leads out of its directory");
    }

    @Test
    void packagesBehindALinkAreRefused() throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Path link = environment(
                directory("pym/virtenv/lib"),
                directory("pym/virtenv/lib/python3.11"),
                other(SITE, TarArchiveEntry.LF_SYMLINK, outside.toString()));

        assertThatThrownBy(() -> open(link)).hasMessage("its /pym/virtenv has no packages of Python 3.11");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void anEnvironmentThatIsALinkIsRefused() throws Exception {
        Path link = layer(directory("pym"), other("pym/virtenv", TarArchiveEntry.LF_SYMLINK, "/opt/venv"));

        assertThatThrownBy(() -> facts(link)).hasMessage("its /pym/virtenv is no directory");
    }

    @Test
    void sizesAreRefusedBeforeTheyAreRead() throws Exception {
        Path packages = boast(SITE + "/big", 5L << 30);
        Path files = boast("srv/big", 65L << 30);

        assertThatThrownBy(() -> facts(packages)).hasMessage("its Python packages have more than 4 GB");
        assertThatThrownBy(() -> facts(files)).hasMessage("its files have more than 64 GB");
    }

    @Test
    void aLayerThatWasChangedMeanwhileIsRefused() throws Exception {
        Path changed = environment();
        try (BaseScan scan = scan()) {
            assertThatThrownBy(() -> scan.layer(changed, Sha256.of("another".getBytes(StandardCharsets.UTF_8))))
                    .hasMessage("a layer of it was changed while it was read");
        }
    }

    @Test
    void aSparseFileIsRefused() throws Exception {
        Path sparse = boast(new TarArchiveEntry("srv/big", TarArchiveEntry.LF_GNUTYPE_SPARSE), 0);

        assertThatThrownBy(() -> facts(sparse)).hasMessage("it has sparse files, which builder: layers cannot read");
    }

    @Test
    void aFileOfManyBuffersIsCopiedWhole() throws Exception {
        String content = "0123456789".repeat(20_001);

        assertThat(open(environment(directory(SITE), file(SITE + "/big.py", content)))
                        .resolve(SITE + "/big.py"))
                .hasContent(content);
    }

    @Test
    void damagedLayersAreOneLine() throws Exception {
        Path cut = Files.write(temporary.resolve("cut"), Arrays.copyOf(Files.readAllBytes(environment()), 100));
        Path foreign = Files.writeString(temporary.resolve("foreign"), "<html>not found</html>");

        assertThatThrownBy(() -> facts(cut)).hasMessage("a layer of it is damaged");
        assertThatThrownBy(() -> facts(foreign)).hasMessage("a layer of it is damaged");
    }
}
