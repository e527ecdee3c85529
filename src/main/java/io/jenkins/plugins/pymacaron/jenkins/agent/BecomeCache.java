package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import jenkins.MasterToSlaveFileCallable;

/** Gives a complete directory its name, unless another build was faster. */
final class BecomeCache extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    private final String cache;

    BecomeCache(String cache) {
        this.cache = cache;
    }

    @Override
    public Void invoke(File fresh, VirtualChannel channel) throws IOException {
        Path to = Path.of(cache);
        try {
            Files.move(fresh.toPath(), to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(to)) {
                throw e;
            }
        }
        return null;
    }
}
