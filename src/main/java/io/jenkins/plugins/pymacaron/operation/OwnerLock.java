package io.jenkins.plugins.pymacaron.operation;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file lock that the system frees when its owner dies. It uses a file of its own, which nothing else opens: closing
 * any descriptor of a file frees all locks that the process has on it (POSIX). For the same reason this process first
 * asks {@link #HELD} and does not touch a file that it holds. The file stays when the lock is freed: a process that
 * removed it could remove the one that a third process has just locked.
 */
public final class OwnerLock implements Closeable {
    private static final int OWNER_LENGTH = 200;
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path path;
    private final RandomAccessFile file;
    private boolean closed;

    private OwnerLock(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Takes the lock if it is free. */
    static Optional<OwnerLock> tryTake(Path file) throws IOException {
        return tryTake(file, "process " + ProcessHandle.current().pid());
    }

    /** Takes the lock if it is free. @param me the owner, in words, for other processes that ask */
    public static Optional<OwnerLock> tryTake(Path file, String me) throws IOException {
        Path path = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
        if (HELD.putIfAbsent(path, me) != null) {
            return Optional.empty();
        }
        RandomAccessFile opened = null;
        boolean taken = false;
        try {
            opened = open(path);
            FileLock lock = opened.getChannel().tryLock();
            if (lock != null) {
                opened.setLength(0);
                opened.write(me.getBytes(StandardCharsets.UTF_8));
                taken = true;
                return Optional.of(new OwnerLock(path, opened));
            }
            return Optional.empty();
        } finally {
            if (!taken) {
                if (opened != null) {
                    opened.close();
                }
                HELD.remove(path);
            }
        }
    }

    private static RandomAccessFile open(Path path) throws IOException {
        try {
            FileStorage.create(path);
        } catch (FileAlreadyExistsException e) {
            // Locked before, by this process or another.
        }
        return new RandomAccessFile(path.toFile(), "rw");
    }

    /** Returns the owner, in words; only for messages. */
    public static String owner(Path file) {
        try {
            Path path = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
            String here = HELD.get(path);
            String owner = here == null ? Files.readString(path, StandardCharsets.UTF_8) : here;
            return owner.isEmpty() ? "another process" : owner.substring(0, Math.min(owner.length(), OWNER_LENGTH));
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
            HELD.remove(path);
        }
    }
}
