package io.jenkins.plugins.pymacaron.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Copies the archive of git into the context: with one time, one owner, two modes, and every name once. */
final class ContextWriter {
    static final String NAMES = StandardCharsets.UTF_8.name();
    static final int FILE_MODE = 0100644;
    static final int PROGRAM_MODE = 0100755;
    static final int DIRECTORY_MODE = 0040755;
    private static final int LINK_MODE = 0120777;
    /** The character that a name contains in place of bytes that are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    private final Sink sink;
    private final Set<String> files = new HashSet<>();

    /** Receives the files. */
    interface Sink {
        void put(TarArchiveEntry entry, long size, InputStream content) throws IOException;
    }

    ContextWriter(TarArchiveOutputStream tar) {
        this((entry, size, content) -> put(tar, entry, size, content));
    }

    ContextWriter(Sink sink) {
        this.sink = sink;
    }

    /**
     * Checks names. They are bytes to git, and text here. The archive alone does not show the difference: its names
     * that are no UTF-8 are read as Latin-1.
     *
     * @param path below which to look; empty for all
     * @throws SourceException for a name that the image could not keep
     */
    static void checkNames(Git git, String path) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("ls-tree", "-r", "-z", "--name-only", "HEAD"));
        if (!path.isEmpty()) {
            arguments.add(path);
        }
        for (String name : git.ask("listing the files", arguments).split("\0")) {
            check(name, name);
        }
    }

    /**
     * Copies files.
     *
     * @param target the path of a file in the service's directory; null if it does not belong there
     * @throws SourceException for a name that the image could not keep
     */
    void copy(Path part, UnaryOperator<String> target) throws IOException {
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(part)), NAMES)) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.isGlobalPaxHeader() ? null : target.apply(entry.getName());
                if (name != null) {
                    copy(entry, name, in);
                }
            }
        }
    }

    private void copy(TarArchiveEntry entry, String name, InputStream content) throws IOException {
        check(name, name);
        String path = Dockerfile.APP + "/" + name;
        if (entry.isSymbolicLink()) {
            check(name, entry.getLinkName());
            TarArchiveEntry link = new TarArchiveEntry(path, TarArchiveEntry.LF_SYMLINK);
            link.setLinkName(entry.getLinkName());
            link.setMode(LINK_MODE);
            sink.put(link, 0, InputStream.nullInputStream());
            once(name);
            return;
        }
        TarArchiveEntry copy = new TarArchiveEntry(path);
        if (entry.isDirectory()) {
            copy.setMode(DIRECTORY_MODE);
            sink.put(copy, 0, InputStream.nullInputStream());
        } else {
            copy.setMode((entry.getMode() & 0100) != 0 ? PROGRAM_MODE : FILE_MODE);
            sink.put(copy, entry.getSize(), content);
            once(name);
        }
    }

    private static void check(String name, String text) throws SourceException {
        if (text.indexOf(REPLACEMENT) >= 0) {
            throw new SourceException(
                    name + " has a name that is not UTF-8 text, which the image could not keep. Rename it by git mv");
        }
    }

    private void once(String name) throws SourceException {
        if (!files.add(name)) {
            throw new SourceException("two files would be " + name + " in the image. Rename one of them.");
        }
    }

    static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, long size, InputStream content)
            throws IOException {
        entry.setSize(size);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        tar.putArchiveEntry(entry);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }
}
