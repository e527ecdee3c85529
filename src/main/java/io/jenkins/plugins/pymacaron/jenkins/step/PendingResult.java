package io.jenkins.plugins.pymacaron.jenkins.step;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.pymacaron.jenkins.run.DurableName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The output of a process that has ended, in the build's directory. It is deleted on the agent before the Pipeline is
 * known to have gone on, and must not be lost if the controller dies between the two.
 */
final class PendingResult {
    private static final Logger LOGGER = Logger.getLogger(PendingResult.class.getName());
    private static final String SUFFIX = ".pending";

    private PendingResult() {}

    static void write(Run<?, ?> run, String process, String stdout) throws IOException {
        Path file = file(run, process);
        Files.createDirectories(directory(run));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, stdout, StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableName.sync(file);
        DurableName.sync(directory(run));
    }

    static Optional<String> read(Run<?, ?> run, String process) throws IOException {
        Path file = file(run, process);
        return Files.exists(file) ? Optional.of(Files.readString(file, StandardCharsets.UTF_8)) : Optional.empty();
    }

    private static Path file(Run<?, ?> run, String process) {
        return directory(run).resolve(process + SUFFIX);
    }

    private static Path directory(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("pymacaron");
    }

    /** Removes the results of a build that has ended, which does not go on. */
    @Extension
    public static final class Remover extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(Run<?, ?> run) {
            if (!Files.isDirectory(directory(run))) {
                return;
            }
            try (DirectoryStream<Path> pending = Files.newDirectoryStream(directory(run), "*" + SUFFIX + "*")) {
                for (Path file : pending) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Results are left in " + directory(run));
            }
        }
    }
}
