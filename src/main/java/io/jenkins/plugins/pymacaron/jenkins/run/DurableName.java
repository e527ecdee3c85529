package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes the name of a new file or directory on the controller durable: after a loss of power, a file exists only if its
 * directory was synced too (fsync(2)). Some file systems of networks and of virtual machines cannot do this; there, a file
 * is as durable as they make it.
 */
public final class DurableName {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final Logger LOGGER = Logger.getLogger(DurableName.class.getName());

    private DurableName() {}

    public static void sync(@NonNull Path named) {
        // Windows neither needs nor allows this.
        if (POSIX) {
            try (FileChannel directory =
                    FileChannel.open(named.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
                directory.force(true);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Cannot sync the directory of " + named);
            }
        }
    }
}
