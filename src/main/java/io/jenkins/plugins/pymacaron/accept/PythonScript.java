package io.jenkins.plugins.pymacaron.accept;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Python programs that come with this package. */
final class PythonScript {
    private PythonScript() {}

    /** Copies a program to a file that an interpreter can read. */
    static Path copy(String name, Path directory) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = PythonScript.class.getResourceAsStream(name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
