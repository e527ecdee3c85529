package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is on disk when {@link #append} returns. It uses a {@link RandomAccessFile}, not a channel: an
 * interrupted thread closes a channel that all others use.
 */
final class FileStorage implements Storage {
    /** Far larger than any journal; a larger file is not one of ours. */
    private static final long LIMIT = 64L << 20;

    private final RandomAccessFile file;
    private final OwnerLock lock;

    /** Takes over {@code lock}; {@code path} exists. */
    FileStorage(Path path, OwnerLock lock) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.lock = lock;
    }

    /** Makes an empty file that only its owner can read, and that is still there after a loss of power. */
    static void create(Path path) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mode = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createFile(path, mode);
        DurableFiles.entry(path);
    }

    static byte[] read(Path path) throws IOException {
        if (Files.size(path) > LIMIT) {
            throw new JournalException(path + " is too big to be a journal; move it away");
        }
        return Files.readAllBytes(path);
    }

    @Override
    public byte[] read() throws IOException {
        byte[] bytes = new byte[(int) file.length()];
        file.seek(0);
        file.readFully(bytes);
        return bytes;
    }

    @Override
    public void append(byte[] line) throws IOException {
        file.seek(file.length());
        file.write(line);
        file.getFD().sync();
    }

    @Override
    public void cut(long length) throws IOException {
        file.setLength(length);
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            file.close();
        }
    }
}
