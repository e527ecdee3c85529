package io.jenkins.plugins.pymacaron.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the beginning of git repositories. */
final class RepositoryLocator {
    private RepositoryLocator() {}

    /** Returns the directory with {@code .git} that contains this one, perhaps this one itself; empty if none does. */
    static Optional<Path> root(Path directory) {
        for (Path path = directory.toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.exists(path.resolve(".git"))) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
