package io.jenkins.plugins.pymacaron.image.layers;

import io.jenkins.plugins.pymacaron.image.layers.LayerFiles.Directory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Reads the layers of a base image once: the facts about it, and a tar of its Python packages. Nothing of the image is
 * unpacked here.
 */
final class BaseScan implements AutoCloseable {
    private static final long MOST_BYTES = 4L << 30;
    /** Of all layers, unpacked: a small blob can hold any number of zeros. */
    private static final long MOST_CONTENT = 64L << 30;

    private static final int MOST_ENTRIES = 1_000_000;
    private static final int MOST_LIBC = 16 << 20;
    private static final String ENVIRONMENT = "pym/virtenv";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final Pattern PACKAGES = Pattern.compile(
            "pym(?:/virtenv(?:/.*)?)?|usr/(?:local/)?lib/python3(?:\\.\\d+)?/(?:dist|site)-packages(?:/.*)?");
    private static final Pattern LIBC =
            Pattern.compile("(?:usr/)?lib(?:64)?/(?:[^/]+-linux-gnu[^/]*/)?libc(?:\\.so\\.6|-2\\.\\d+\\.so)");
    private static final Pattern MUSL = Pattern.compile("(?:usr/)?lib/ld-musl-[^/]+\\.so\\.1");
    private static final Pattern GLIBC_VERSION = Pattern.compile("stable release version (\\d+\\.\\d+)");
    private static final Pattern PYTHON_VERSION = Pattern.compile("(?m)^version(?:_info)?\\s*=\\s*(\\d+\\.\\d+)\\b.*$");
    private static final Pattern SYSTEM_PACKAGES =
            Pattern.compile("(?m)^include-system-site-packages\\s*=\\s*true\\s*$");
    /** The directories in which an image gets files of its own. */
    private static final List<String> OURS =
            List.of("etc", "usr", "usr/local", "usr/local/bin", "var", "var/log", "pym", ENVIRONMENT);

    private final Path spool;
    private final RandomAccessFile content;
    private final NavigableMap<String, Item> items = new TreeMap<>();
    private String libc = "";
    private int entries;
    private long unpacked;

    /** A path that counts, with its content in the spool. */
    private record Item(TarArchiveEntry entry, long at, long size) {}

    BaseScan(Path spool) throws IOException {
        this.spool = spool;
        content = new RandomAccessFile(spool.toFile(), "rw");
    }

    /**
     * Reads the next layer.
     *
     * @param file a tar, compressed by gzip
     * @param digest of the file: another program of the same user can write to it
     * @throws IOException also for a damaged one
     */
    void layer(Path file, String digest) throws IOException {
        MessageDigest seen = Sha256.begin();
        Map<String, Item> fresh = new LinkedHashMap<>();
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), seen);
                TarArchiveInputStream tar = new TarArchiveInputStream(
                        new BufferedInputStream(new GZIPInputStream(bytes, 1 << 16), 1 << 16),
                        StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (++entries > MOST_ENTRIES) {
                    throw new IOException("it has more than " + MOST_ENTRIES + " files");
                }
                if (entry.isSparse()) {
                    // Its size is that of the stored parts; it unpacks to any number of zeros.
                    throw new IOException("it has sparse files, which builder: layers cannot read");
                }
                unpacked += entry.getSize();
                if (entry.getSize() < 0 || unpacked > MOST_CONTENT || unpacked < 0) {
                    throw new IOException("its files have more than " + (MOST_CONTENT >> 30) + " GB");
                }
                read(plain(entry.getName()), entry, tar, fresh);
            }
            bytes.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException | ZipException | IllegalArgumentException e) {
            throw new IOException("a layer of it is damaged", e);
        }
        if (!Sha256.end(seen).equals(digest)) {
            throw new IOException("a layer of it was changed while it was read");
        }
        fresh.forEach((path, item) -> {
            if (!item.entry().isDirectory()) {
                forget(path);
            }
            items.put(path, item);
        });
    }

    private static String plain(String name) {
        return name.replaceFirst("^(?:\\.?/)+", "").replaceFirst("/+$", "");
    }

    private void read(String path, TarArchiveEntry entry, InputStream in, Map<String, Item> fresh) throws IOException {
        int name = path.lastIndexOf('/') + 1;
        if (path.startsWith(LayerFiles.WHITEOUT, name)) {
            // It deletes paths of earlier layers only.
            String parent = path.substring(0, name);
            if (path.endsWith(OPAQUE)) {
                below(parent.replaceFirst("/$", "")).clear();
            } else {
                forget(parent + path.substring(name + LayerFiles.WHITEOUT.length()));
            }
        } else if (PACKAGES.matcher(path).matches() || OURS.contains(path) || path.equals("etc/passwd")) {
            keep(path, entry, in, fresh);
        } else if (MUSL.matcher(path).matches()) {
            libc = "musl";
        } else if (LIBC.matcher(path).matches() && FileTree.isPlain(entry) && entry.getSize() < MOST_LIBC) {
            Matcher version = GLIBC_VERSION.matcher(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            if (version.find()) {
                libc = "glibc " + version.group(1);
            }
        }
    }

    private void keep(String path, TarArchiveEntry entry, InputStream in, Map<String, Item> fresh) throws IOException {
        if (("/" + path + "/").contains("/../")) {
            throw new IOException("its file " + path + " leads out of its directory");
        }
        if (entry.isLink()) {
            String target = plain(entry.getLinkName());
            Item same = fresh.getOrDefault(target, items.get(target));
            if (same != null) {
                fresh.put(path, same);
            }
            return;
        }
        if (!entry.isDirectory() && !entry.isSymbolicLink() && !FileTree.isPlain(entry)) {
            return;
        }
        long at = content.length();
        if (at + entry.getSize() > MOST_BYTES) {
            throw new IOException("its Python packages have more than " + (MOST_BYTES >> 30) + " GB");
        }
        content.seek(at);
        if (FileTree.isPlain(entry)) {
            in.transferTo(Channels.newOutputStream(content.getChannel()));
        }
        fresh.put(path, new Item(entry, at, content.length() - at));
    }

    private void forget(String path) {
        items.remove(path);
        below(path).clear();
    }

    /** Returns all that is below a directory: the character after the slash is the zero. */
    private Map<String, Item> below(String directory) {
        return directory.isEmpty() ? items : items.subMap(directory + "/", true, directory + "0", false);
    }

    /** Returns the facts, after the last layer. */
    BaseFacts facts() throws IOException {
        Map<String, Directory> directories = new HashMap<>();
        for (Map.Entry<String, Item> item : items.entrySet()) {
            TarArchiveEntry entry = item.getValue().entry();
            if (entry.isDirectory()) {
                directories.put(
                        item.getKey(),
                        new Directory(entry.getMode() & 07777, entry.getLongUserId(), entry.getLongGroupId()));
            } else if (OURS.contains(item.getKey())) {
                throw new IOException("its /" + item.getKey() + " is no directory");
            }
        }
        String settings = text(ENVIRONMENT + "/pyvenv.cfg");
        Matcher version = PYTHON_VERSION.matcher(settings);
        boolean python = items.containsKey(ENVIRONMENT + "/bin/python") && version.find();
        return new BaseFacts(
                python ? version.group(1) : "",
                items.containsKey(ENVIRONMENT + "/bin/gunicorn"),
                libc,
                SYSTEM_PACKAGES.matcher(settings).find(),
                text("etc/passwd"),
                directories);
    }

    private String text(String path) throws IOException {
        Item item = items.get(path);
        return item == null || !FileTree.isPlain(item.entry()) || item.size() > MOST_LIBC
                ? ""
                : new String(bytes(item), StandardCharsets.UTF_8);
    }

    private byte[] bytes(Item item) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(item.size())];
        content.seek(item.at());
        content.readFully(bytes);
        return bytes;
    }

    /** Writes the content of an item of any size. */
    private void copy(Item item, OutputStream to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        content.seek(item.at());
        for (long left = item.size(); left > 0; ) {
            int part = (int) Math.min(left, buffer.length);
            content.readFully(buffer, 0, part);
            to.write(buffer, 0, part);
            left -= part;
        }
    }

    /** Writes the Python packages of the image, sorted by path. */
    void write(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (Map.Entry<String, Item> one : items.entrySet()) {
                if (PACKAGES.matcher(one.getKey()).matches()) {
                    TarArchiveEntry was = one.getValue().entry();
                    TarArchiveEntry entry = new TarArchiveEntry(
                            was.isDirectory() ? one.getKey() + "/" : one.getKey(),
                            was.isDirectory()
                                    ? TarArchiveEntry.LF_DIR
                                    : was.isSymbolicLink() ? TarArchiveEntry.LF_SYMLINK : TarArchiveEntry.LF_NORMAL);
                    entry.setMode(was.getMode());
                    entry.setModTime(0);
                    entry.setLinkName(was.isSymbolicLink() ? was.getLinkName() : "");
                    entry.setSize(one.getValue().size());
                    tar.putArchiveEntry(entry);
                    copy(one.getValue(), tar);
                    tar.closeArchiveEntry();
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
        Files.deleteIfExists(spool);
    }
}
