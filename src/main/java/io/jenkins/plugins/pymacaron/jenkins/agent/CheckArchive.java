package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import jenkins.MasterToSlaveFileCallable;

/** Computes the hash of a class archive beside the jars, and removes an archive that has another hash than expected. */
final class CheckArchive extends MasterToSlaveFileCallable<String> {
    private static final long serialVersionUID = 1L;

    /** The begin of the names of all archives. */
    static final String PREFIX = "classes-";

    /** The length of the magic number, with which an archive begins. */
    private static final int MAGIC_BYTES = 4;

    private final String name;
    private final String expected;

    /** Makes the check. @param expected the hash; null to accept the present one */
    CheckArchive(String name, @CheckForNull String expected) {
        this.name = name;
        this.expected = expected;
    }

    /** Returns the hash; null if there is no such archive, or it is not complete yet. */
    @CheckForNull
    @Override
    public String invoke(File directory, VirtualChannel channel) throws IOException {
        Path file = directory.toPath().resolve(name);
        if (!PlaceJars.isAlone(file) || !isComplete(file)) {
            return null;
        }
        String hash = Sha256.of(file);
        if (expected == null || hash.equals(expected)) {
            return hash;
        }
        Files.delete(file);
        return null;
    }

    /**
     * Returns whether a JVM has completed the file: it leaves room for the header, and writes it last
     * ({@code ArchiveBuilder::write_archive} and {@code FileMapInfo::open_for_write} of OpenJDK 17). A JVM ignores an
     * archive without a valid header.
     */
    private static boolean isComplete(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] magic = in.readNBytes(MAGIC_BYTES);
            return magic.length == MAGIC_BYTES && !Arrays.equals(magic, new byte[MAGIC_BYTES]);
        }
    }
}
