package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import jenkins.MasterToSlaveFileCallable;

/**
 * Checks that files beside a workspace are those of the controller, byte for byte: by their hashes, each time, since
 * the code that is tested there could write to them. A changed file is replaced from the cache. The files are copies: a
 * hard link would let one workspace change the files of all.
 */
final class PlaceJars extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    private final String cache;
    private final ArrayList<String> names;
    private final ArrayList<String> hashes;

    /** Makes the check. @param hashes SHA-256 in hex, in the order of the names */
    PlaceJars(String cache, List<String> names, List<String> hashes) {
        this.cache = cache;
        this.names = new ArrayList<>(names);
        this.hashes = new ArrayList<>(hashes);
    }

    /**
     * Checks and replaces the files.
     *
     * @return whether all are there now; false if the cache lacks them, or has other ones
     */
    @Override
    public Boolean invoke(File directory, VirtualChannel channel) throws IOException {
        Path to = directory.toPath();
        Files.createDirectories(to);
        for (int i = 0; i < names.size(); i++) {
            Path file = to.resolve(names.get(i));
            if (!isGood(file, hashes.get(i)) && !replace(file, Path.of(cache, names.get(i)), hashes.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isGood(Path file, String hash) throws IOException {
        return isAlone(file) && Sha256.of(file).equals(hash);
    }

    /** Returns whether the file is neither a link to another place nor another name of a file elsewhere. */
    static boolean isAlone(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                        .equals(1);
    }

    /** Replaces a file by a sibling that is complete, and known to be good, before it gets the name. */
    private static boolean replace(Path file, Path cached, String hash) throws IOException {
        if (!Files.isRegularFile(cached, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try {
            MessageDigest digest = Sha256.digest();
            try (InputStream in = new DigestInputStream(Files.newInputStream(cached), digest);
                    OutputStream out = Files.newOutputStream(fresh, StandardOpenOption.CREATE_NEW)) {
                in.transferTo(out);
            }
            if (!Sha256.hex(digest).equals(hash)) {
                return false;
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
