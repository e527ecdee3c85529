package io.jenkins.plugins.pymacaron.image.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
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
    private static final Duration UNUSED = Duration.ofDays(30);

    private final Path directory;
    private final byte[] key;

    /** Opens the cache. @param key of the builds that may use each other's files; empty for builds without one */
    public LayerCache(Path directory, Optional<String> key) throws IOException {
        this.directory = Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.key = ("layers " + key.orElse("without a key")).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the user's own directory for caches (XDG Base Directory Specification). */
    public static Path ofUser(Optional<String> xdgCacheHome) {
        Path caches = xdgCacheHome
                .filter(path -> path.startsWith("/"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return caches.resolve("pymacaron").resolve("layers");
    }

    /** Returns a file that {@link #put} has written with the same key, and that is as it was then. */
    Optional<Path> get(String name) throws IOException {
        Path file = directory.resolve(name);
        Path seal = directory.resolve(name + SEAL);
        if (!isFile(file) || !isFile(seal) || Files.size(seal) > 100) {
            return Optional.empty();
        }
        if (!Files.readString(seal).equals(seal(name, Sha256.of(file)))) {
            return Optional.empty();
        }
        touch(List.of(file, seal));
        return Optional.of(file);
    }

    /** Moves a file into the cache. */
    Path put(String name, Path made) throws IOException {
        String seal = seal(name, Sha256.of(made));
        Path sealed = Files.writeString(fresh(), seal);
        Path file = move(made, directory.resolve(name));
        move(sealed, directory.resolve(name + SEAL));
        return file;
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

    /** Returns a new file on the same disk. */
    Path fresh() throws IOException {
        return Files.createTempFile(directory, "new-", "");
    }

    /** Deletes files that no build has used for a month. */
    public void prune() throws IOException {
        Instant old = Instant.now().minus(UNUSED);
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                if (isFile(file) && Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
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
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return HexFormat.of().formatHex(mac.doFinal((name + "\n" + digest).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }
}
