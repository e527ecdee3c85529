package io.jenkins.plugins.pymacaron.image.layers;

import io.jenkins.plugins.pymacaron.process.PrivateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks tars of other users below a new directory. Nothing is written through a link, and nothing outside, in any
 * order of the entries: a path is only written below directories that this object has made.
 */
public final class FileTree {
    private final Path root;
    private final Set<Path> made = new HashSet<>();

    /** Makes the tree. @param root an empty directory */
    public FileTree(Path root) {
        this.root = root;
        made.add(root);
    }

    public Path root() {
        return root;
    }

    /** Unpacks a whole tar, in which deleted paths are marked as in a layer. */
    void unpack(TarArchiveInputStream tar) throws IOException {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            String name = entry.getName();
            int at = name.lastIndexOf('/') + 1;
            if (name.startsWith(LayerFiles.WHITEOUT, at)) {
                delete(name.substring(0, at) + name.substring(at + LayerFiles.WHITEOUT.length()));
            } else {
                put(entry, name, tar);
            }
        }
    }

    /** Writes one entry. @throws IOException with one line, for an entry that would leave the tree */
    public void put(TarArchiveEntry entry, String name, InputStream content) throws IOException {
        Path path = resolve(name);
        if (entry.isDirectory()) {
            directory(path);
            return;
        }
        directory(path.getParent());
        delete(path);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (isPlain(entry)) {
            try (OutputStream out =
                    Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.transferTo(out);
            }
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
        } else {
            throw new IOException(name + " is neither a file, a directory nor a link");
        }
    }

    /** Returns whether it is a file, as which the library also counts links and devices. */
    static boolean isPlain(TarArchiveEntry entry) {
        return entry.isFile()
                && !entry.isLink()
                && !entry.isSymbolicLink()
                && !entry.isCharacterDevice()
                && !entry.isBlockDevice()
                && !entry.isFIFO();
    }

    private Path resolve(String name) throws IOException {
        Path path = root.resolve(name.replaceFirst("/+$", "")).normalize();
        if (!path.startsWith(root)) {
            throw new IOException(name + " leads out of its directory");
        }
        return path;
    }

    private void directory(Path path) throws IOException {
        if (made.contains(path)) {
            return;
        }
        directory(path.getParent());
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(root.relativize(path) + " is a file or a link, and a directory too");
        }
        Files.createDirectory(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        made.add(path);
    }

    void delete(String name) throws IOException {
        Path path = resolve(name);
        if (made.contains(path.getParent())) {
            delete(path);
        }
    }

    private void delete(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (made.contains(path)) {
                made.removeIf(one -> one.startsWith(path));
            }
            PrivateDirectory.delete(path);
        }
    }
}
