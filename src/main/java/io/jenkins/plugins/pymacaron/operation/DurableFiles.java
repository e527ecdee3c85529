package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes written data durable on the disk. A new or a renamed file exists after a loss of power only once its directory
 * is on disk too (POSIX leaves that open, and not every file system does it by itself: fsync(2)).
 */
public final class DurableFiles {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private DurableFiles() {}

    /** Makes the content of the file durable. */
    public static void file(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes the entry of that name, of a file or a directory, durable. */
    public static void entry(Path path) throws IOException {
        // Windows neither needs nor allows this.
        if (POSIX) {
            try (FileChannel directory =
                    FileChannel.open(path.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
