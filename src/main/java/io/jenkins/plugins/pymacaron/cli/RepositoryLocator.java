package io.jenkins.plugins.pymacaron.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where git repositories begin. */
final class RepositoryLocator {
    private RepositoryLocator() {}

    /** The directory with {@code .git} that holds this one, which may be it itself; empty if none does. */
    static Optional<Path> root(Path directory) {
        for (Path path = directory.toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.exists(path.resolve(".git"))) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
