package io.jenkins.plugins.pymacaron.image.layers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Files that later builds use again. Code of repositories runs as the same user, so a file counts only with a seal that
 * needs the key of the builds: a build without the key, such as one of a stranger's change request, leaves nothing that a
 * build with the key uses. Layers of base images need no seal, since their names are their digests.
 */
public final class LayerCache {
    private static final String MAC = "HmacSHA256";
    private static final String SEAL = ".seal";
    private static final String NEW = "new-";
    private static final Duration UNUSED = Duration.ofDays(30);
    private static final Duration CUT_OFF = Duration.ofDays(1);
    private static final int DIRECTORY_NAME = 32;

    private final Path directory;
    private final Path sealed;
    private final byte[] key;

    /**
     * Opens the cache.
     *
     * @param directory of blobs; the other files are below it, apart for each key
     * @param key of the builds that may use each other's files; empty for builds without one
     * @throws IOException with one line, if another user may write there
     */
    public LayerCache(Path directory, Optional<String> key) throws IOException {
        this.key = ("layers " + key.orElse("without a key")).getBytes(StandardCharsets.UTF_8);
        this.directory = own(directory);
        this.sealed = own(directory.resolve(mac("directory").substring(0, DIRECTORY_NAME)));
    }

    /** Makes a directory where there is none. Refuses one that is a link, or that another user may write to. */
    private static Path own(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        PosixFileAttributes facts =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!facts.isDirectory()
                || facts.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || facts.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("the directory of layers " + directory
                    + " is a link, or other users may write to it. Delete it, or run chmod go-w");
        }
        Path made = Files.createTempFile(directory, NEW, "");
        try {
            if (!Files.getOwner(made).equals(facts.owner())) {
                throw new IOException("the directory of layers " + directory + " belongs to "
                        + facts.owner().getName() + ". Set XDG_CACHE_HOME to a directory of your own");
            }
        } finally {
            Files.deleteIfExists(made);
        }
        return directory;
    }

    /** Returns the user's own directory for caches (XDG Base Directory Specification). */
    public static Path ofUser(Optional<String> xdgCacheHome) {
        Path caches = xdgCacheHome
                .filter(path -> path.startsWith("/"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return caches.resolve("pymacaron").resolve("layers");
    }

    /**
     * Returns a copy of a file that {@link #put} has written with the same key. The seal is that of the copy, which no
     * other build can replace.
     *
     * @param work a directory that only this user can enter
     */
    Optional<Path> get(String name, Path work) throws IOException {
        Path file = sealed.resolve(name);
        Path seal = sealed.resolve(name + SEAL);
        Path copy = work.resolve(name);
        try {
            if (!isFile(file) || !isFile(seal) || Files.size(seal) > 100) {
                return Optional.empty();
            }
            MessageDigest digest = Sha256.begin();
            try (InputStream in =
                    new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), digest)) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Files.readString(seal).equals(seal(name, Sha256.end(digest)))) {
                Files.delete(copy);
                return Optional.empty();
            }
            touch(List.of(file, seal));
            return Optional.of(copy);
        } catch (NoSuchFileException e) {
            // Another build prunes.
            Files.deleteIfExists(copy);
            return Optional.empty();
        }
    }

    /** Copies a file into the cache. */
    void put(String name, Path made) throws IOException {
        String seal = seal(name, Sha256.of(made));
        Path copy = fresh();
        Path sealing = fresh();
        try {
            Files.copy(made, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(sealing, seal);
            move(copy, sealed.resolve(name));
            move(sealing, sealed.resolve(name + SEAL));
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(sealing);
        }
    }

    /** Returns the blob of a base image if it is here and whole. */
    public Optional<Path> blob(String digest) throws IOException {
        Path file = directory.resolve("blob-" + Sha256.hex(digest));
        if (!isFile(file) || !Sha256.of(file).equals(digest)) {
            return Optional.empty();
        }
        touch(List.of(file));
        return Optional.of(file);
    }

    /** Moves the blob of a base image into the cache. Its digest has been checked. */
    Path putBlob(String digest, Path made) throws IOException {
        return move(made, directory.resolve("blob-" + Sha256.hex(digest)));
    }

    /** Returns a new file on the same disk, which the caller deletes. */
    Path fresh() throws IOException {
        return Files.createTempFile(directory, NEW, "");
    }

    /**
     * Deletes files that no build has used for a month, and those of builds that were cut off. A failure, such as a file
     * that another build deletes meanwhile, changes no result.
     */
    public void prune() {
        prune(directory);
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .forEach(LayerCache::prune);
        } catch (IOException | UncheckedIOException e) {
            // The next build prunes.
        }
    }

    private static void prune(Path directory) {
        Instant now = Instant.now();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                Instant end = now.minus(String.valueOf(file.getFileName()).startsWith(NEW) ? CUT_OFF : UNUSED);
                deleteIfOlder(file, end);
            }
        } catch (IOException | UncheckedIOException e) {
            // The next build prunes.
        }
    }

    private static void deleteIfOlder(Path file, Instant end) {
        try {
            if (isFile(file) && Files.getLastModifiedTime(file).toInstant().isBefore(end)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // Another build was faster, or the next one prunes.
        }
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static void touch(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        }
    }

    private static Path move(Path from, Path to) throws IOException {
        try {
            return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            return Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private String seal(String name, String digest) {
        return mac(name + "\n" + digest);
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }
}
