package io.jenkins.plugins.pymacaron.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds programs as a shell does. */
public final class Programs {
    private Programs() {}

    /** Returns the program of that name on the PATH of this process, or at that path. */
    public static Optional<Path> find(String name) {
        return find(name, System.getenv(), Path.of(""));
    }

    static Optional<Path> find(String name, Map<String, String> environment, Path directory) {
        if (name.indexOf('/') >= 0 || name.indexOf(File.separatorChar) >= 0) {
            return runnable(directory.resolve(name));
        }
        for (String entry : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            try {
                Optional<Path> found = entry.isEmpty() ? Optional.empty() : runnable(Path.of(entry, name));
                if (found.isPresent()) {
                    return found;
                }
            } catch (InvalidPathException e) {
                // Such an entry contains no program.
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> runnable(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path)
                ? Optional.of(path.toAbsolutePath())
                : Optional.empty();
    }
}
