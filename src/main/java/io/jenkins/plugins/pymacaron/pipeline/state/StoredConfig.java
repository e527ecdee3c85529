package io.jenkins.plugins.pymacaron.pipeline.state;

import io.jenkins.plugins.pymacaron.operation.DurableFiles;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The configuration that a run was begun with, stored beside its journals. A clean-up of the run therefore needs
 * neither the run's working copy, which may be gone or at another commit by then, nor its present configuration. The
 * file is the one that was committed; it names secrets but contains none.
 */
public final class StoredConfig {
    private static final String DIRECTORY = "config";

    private StoredConfig() {}

    /** Stores the configuration. @param run the run's directory */
    public static void keep(PreparedRun prepared, Path run) throws IOException {
        Path directory = Files.createDirectories(run.resolve(DIRECTORY));
        String name = prepared.config().file();
        Path fresh = directory.resolve(name + ".new");
        Files.copy(prepared.source().directory().resolve(name), fresh, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.file(fresh);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.entry(directory.resolve(name));
        DurableFiles.entry(directory);
    }

    /** Returns the file of that run's configuration; empty for a run of an earlier version. */
    public static Optional<Path> of(Path run, RunRequest request) {
        Path directory = run.resolve(DIRECTORY);
        String environment = request.environment().map(env -> "." + env).orElse("");
        return Files.isRegularFile(directory.resolve("pym-config" + environment + ".yaml"))
                ? Optional.of(directory)
                : Optional.empty();
    }

    /** Returns the configuration of the newest run here of the same environment. */
    public static Optional<Path> newest(PymDirectory pym, RunRequest request) throws IOException {
        for (String id : pym.runs()) {
            Optional<Path> kept = of(pym.run(id), request);
            if (kept.isPresent()) {
                return kept;
            }
        }
        return Optional.empty();
    }
}
