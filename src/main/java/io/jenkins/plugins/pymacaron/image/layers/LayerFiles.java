package io.jenkins.plugins.pymacaron.image.layers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The files of one layer. The same files give the same bytes: sorted, with one time and without names of users. All
 * paths are relative to the root of the image.
 */
public final class LayerFiles {
    private static final int PROGRAM = 0755;
    private static final int FILE = 0644;
    private static final int READ_ONLY = 0444;
    private static final int LINK = 0777;
    /** Marks a deleted path (OCI image specification, "Whiteouts"). */
    static final String WHITEOUT = ".wh.";

    private final Map<String, Item> items = new TreeMap<>();

    /** Opens the content of a file. */
    private interface Content {
        InputStream open() throws IOException;
    }

    private record Item(byte type, int mode, Owner owner, String link, long size, Content content) {}

    /** A directory of the base image. */
    public record Directory(int mode, long user, long group) {
        static final Directory NEW = new Directory(PROGRAM, 0, 0);
    }

    public LayerFiles directory(String path, int mode, Owner owner) {
        items.put(path, item(TarArchiveEntry.LF_DIR, mode, owner, ""));
        return this;
    }

    public LayerFiles link(String path, String target, Owner owner) {
        items.put(path, item(TarArchiveEntry.LF_SYMLINK, LINK, owner, target));
        return this;
    }

    public LayerFiles file(String path, boolean program, Owner owner, byte[] content) {
        byte[] kept = content.clone();
        items.put(
                path,
                new Item(
                        TarArchiveEntry.LF_NORMAL,
                        program ? PROGRAM : FILE,
                        owner,
                        "",
                        kept.length,
                        () -> new ByteArrayInputStream(kept)));
        return this;
    }

    /** Deletes a path of an earlier layer. */
    LayerFiles gone(String path) {
        int name = path.lastIndexOf('/') + 1;
        return file(path.substring(0, name) + WHITEOUT + path.substring(name), false, Owner.ROOT, new byte[0]);
    }

    /** Adds a path as it is on this machine. Follows no link. The mode is one of four, independent of the umask. */
    LayerFiles take(String path, Path from, Owner owner) throws IOException {
        if (path.startsWith(WHITEOUT, path.lastIndexOf('/') + 1)) {
            throw new IOException(
                    path + " has a name that deletes files in an image. Rename it, or use builder: docker");
        }
        PosixFileAttributes facts = Files.readAttributes(from, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (facts.isSymbolicLink()) {
            return link(path, Files.readSymbolicLink(from).toString(), owner);
        }
        if (facts.isDirectory()) {
            return directory(path, PROGRAM, owner);
        }
        if (!facts.isRegularFile()) {
            throw new IOException(path + " is neither a file, a directory nor a link");
        }
        items.put(
                path,
                new Item(
                        TarArchiveEntry.LF_NORMAL,
                        mode(facts.permissions()),
                        owner,
                        "",
                        facts.size(),
                        () -> Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS)));
        return this;
    }

    /** Adds all that is below a directory, and the directory itself. */
    public LayerFiles takeAll(String path, Path from, Owner owner) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : (Iterable<Path>) all::iterator) {
                String name = from.relativize(one).toString();
                take(name.isEmpty() ? path : path + "/" + name, one, owner);
            }
        }
        return this;
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        if (permissions.contains(PosixFilePermission.OWNER_EXECUTE)) {
            return PROGRAM;
        }
        return permissions.contains(PosixFilePermission.OWNER_WRITE) ? FILE : READ_ONLY;
    }

    private static Item item(byte type, int mode, Owner owner, String link) {
        return new Item(type, mode, owner, link, 0, InputStream::nullInputStream);
    }

    /**
     * Writes the layer. It names each directory above its files too, since an engine would make those that are missing,
     * with a mode of its own, in place of those of the base image.
     *
     * @param base tells the directories of the base image by path, {@link Directory#NEW} for a path that it does not have
     */
    public LayerBlob write(Path to, Function<String, Directory> base) throws IOException {
        for (String path : List.copyOf(items.keySet())) {
            for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
                String parent = path.substring(0, end);
                if (!items.containsKey(parent)) {
                    Directory found = base.apply(parent);
                    directory(parent, found.mode(), new Owner(found.user(), found.group()));
                } else if (items.get(parent).type() != TarArchiveEntry.LF_DIR) {
                    throw new IOException(path + " would be below " + parent + ", which is no directory");
                }
            }
        }
        MessageDigest compressed = Sha256.begin();
        MessageDigest plain = Sha256.begin();
        try (OutputStream file = new DigestOutputStream(Files.newOutputStream(to), compressed);
                OutputStream zipped = new GZIPOutputStream(file, 1 << 16);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(
                        new DigestOutputStream(zipped, plain), StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (Map.Entry<String, Item> item : items.entrySet()) {
                put(tar, item.getKey(), item.getValue());
            }
        }
        return new LayerBlob(to, Sha256.end(compressed), Sha256.end(plain), Files.size(to));
    }

    private static void put(TarArchiveOutputStream tar, String path, Item item) throws IOException {
        boolean directory = item.type() == TarArchiveEntry.LF_DIR;
        TarArchiveEntry entry = new TarArchiveEntry(directory ? path + "/" : path, item.type());
        entry.setMode(item.mode());
        entry.setIds((int) item.owner().user(), (int) item.owner().group());
        entry.setNames("", "");
        entry.setModTime(0);
        entry.setLinkName(item.link());
        entry.setSize(item.size());
        tar.putArchiveEntry(entry);
        try (InputStream content = item.content().open()) {
            content.transferTo(tar);
        }
        tar.closeArchiveEntry();
    }

    /** Returns all paths, in their order. */
    List<String> paths() {
        return new ArrayList<>(items.keySet());
    }

    /** Returns whether it is a directory, without following a link. */
    static boolean isDirectory(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isDirectory();
    }
}
