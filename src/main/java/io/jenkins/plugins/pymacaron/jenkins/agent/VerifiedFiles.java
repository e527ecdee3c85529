package io.jenkins.plugins.pymacaron.jenkins.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hashes files, and reads a file again only when it has changed. The kernel sets the time of the last change of a file and of
 * its attributes ({@code st_ctime}), and no program can set it (inode(7)), unlike the time of its last modification. A
 * process that writes to the file at this very moment can also do so just after a hash.
 */
final class VerifiedFiles {
    /** The hashes that this JVM, an agent's or the controller's, has computed. */
    private static final VerifiedFiles OURS = new VerifiedFiles(Sha256::of, InstantSource.system());

    /** A younger change may have the same time as the next one: clocks of file systems tick. */
    private static final Duration TICK = Duration.ofSeconds(2);

    /** The files of some hundred workspaces; the one that was hashed longest ago is forgotten. */
    private static final int MOST = 20_000;

    private final Hash hash;
    private final InstantSource clock;

    private final Map<Path, Verified> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Verified> eldest) {
            return size() > MOST;
        }
    };

    /** Reads a file. */
    interface Hash {
        String of(Path file) throws IOException;
    }

    /** The attributes of a file: the same ones mean the same content. */
    private record Attributes(Map<String, Object> all) {
        static Attributes of(Path file) throws IOException {
            return new Attributes(
                    Files.readAttributes(file, "unix:dev,ino,size,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS));
        }

        FileTime changed() {
            return (FileTime) all.get("ctime");
        }
    }

    private record Verified(Attributes attributes, String hash) {}

    VerifiedFiles(Hash hash, InstantSource clock) {
        this.hash = hash;
        this.clock = clock;
    }

    static VerifiedFiles get() {
        return OURS;
    }

    /** Returns the SHA-256 of the file in hex. */
    String hash(Path file) throws IOException {
        Attributes before = Attributes.of(file);
        Verified last = find(file);
        if (last != null && last.attributes().equals(before)) {
            return last.hash();
        }
        String now = hash.of(file);
        boolean settled = before.changed().toInstant().plus(TICK).isBefore(clock.instant());
        if (settled && Attributes.of(file).equals(before)) {
            remember(file, new Verified(before, now));
        }
        return now;
    }

    private Verified find(Path file) {
        synchronized (known) {
            return known.get(file);
        }
    }

    private void remember(Path file, Verified verified) {
        synchronized (known) {
            known.put(file, verified);
        }
    }
}
