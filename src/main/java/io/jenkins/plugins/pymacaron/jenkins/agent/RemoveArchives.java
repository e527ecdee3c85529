package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.MasterToSlaveFileCallable;

/** Removes the class archives beside the jars: those of an earlier controller, and those that no process completed. */
final class RemoveArchives extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    @Override
    public Void invoke(File directory, VirtualChannel channel) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(directory.toPath(), CheckArchive.PREFIX + "*")) {
            for (Path archive : archives) {
                Files.deleteIfExists(archive);
            }
        }
        return null;
    }
}
