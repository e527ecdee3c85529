package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.operation.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The configuration that a run was begun with, beside its journals: whoever undoes what the run has left needs neither its
 * working copy, which may be gone or at another commit by then, nor what that says now. It is the file that was committed,
 * and names secrets but holds none.
 */
final class KeptConfig {
    private static final String DIRECTORY = "config";

    private KeptConfig() {}

    /** @param run the run's directory */
    static void keep(Prepared prepared, Path run) throws IOException {
        Path directory = Files.createDirectories(run.resolve(DIRECTORY));
        String name = prepared.config().file();
        Path fresh = directory.resolve(name + ".new");
        Files.copy(prepared.source().directory().resolve(name), fresh, StandardCopyOption.REPLACE_EXISTING);
        Durable.file(fresh);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Durable.entry(directory.resolve(name));
        Durable.entry(directory);
    }

    /** Where the configuration of that run is kept; empty for a run of an earlier version. */
    static Optional<Path> of(Path run, Request request) {
        Path directory = run.resolve(DIRECTORY);
        String environment = request.environment().map(env -> "." + env).orElse("");
        return Files.isRegularFile(directory.resolve("pym-config" + environment + ".yaml"))
                ? Optional.of(directory)
                : Optional.empty();
    }

    /** That of the newest run here which was of the same environment. */
    static Optional<Path> newest(PymDirectory pym, Request request) throws IOException {
        for (String id : pym.runs()) {
            Optional<Path> kept = of(pym.run(id), request);
            if (kept.isPresent()) {
                return kept;
            }
        }
        return Optional.empty();
    }
}
