package io.jenkins.plugins.pymacaron.operation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Has the disk keep what was written. A new or a renamed file is there after a loss of power only once its directory is on
 * disk too (POSIX leaves that open, and not every file system does it by itself: fsync(2)).
 */
public final class DurableFiles {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private DurableFiles() {}

    /** What stands in the file. */
    public static void file(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** That there is a file, or a directory, of that name. */
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
