package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import jenkins.MasterToSlaveFileCallable;

/** Puts files of the cache into a directory beside a workspace, by hard links where that is possible. */
final class LinkJars extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    private final String cache;
    private final ArrayList<String> names;

    LinkJars(String cache, List<String> names) {
        this.cache = cache;
        this.names = new ArrayList<>(names);
    }

    /** @return whether all are there now; not if the cache does not have them */
    @Override
    public Boolean invoke(File directory, VirtualChannel channel) throws IOException {
        Path to = directory.toPath();
        Files.createDirectories(to);
        for (String name : names) {
            Path file = to.resolve(name);
            Path cached = Path.of(cache, name);
            if (Files.exists(file)) {
                continue;
            }
            if (!Files.exists(cached)) {
                return false;
            }
            // By a sibling that is complete before it gets the name.
            Path fresh = to.resolve(name + "." + UUID.randomUUID());
            try {
                Files.createLink(fresh, cached);
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(cached, fresh);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // Renaming one link of a file to another one of it does nothing.
            Files.deleteIfExists(fresh);
        }
        return true;
    }
}
