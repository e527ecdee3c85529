package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.Util;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import jenkins.MasterToSlaveFileCallable;

/** Renames a complete directory into the cache. A damaged one of that name is moved away. */
final class PublishToCache extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    private final String cache;

    PublishToCache(String cache) {
        this.cache = cache;
    }

    @Override
    public Void invoke(File fresh, VirtualChannel channel) throws IOException {
        Path to = Path.of(cache);
        Path old = to.resolveSibling(to.getFileName() + "." + UUID.randomUUID() + ".old");
        try {
            if (Files.exists(to)) {
                Files.move(to, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(fresh.toPath(), to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another build may have been faster.
            if (!Files.isDirectory(to)) {
                throw e;
            }
        } finally {
            Util.deleteRecursive(old.toFile());
        }
        return null;
    }
}
