package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.model.Run;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** What a stage reported, in the build's directory: too much for its build.xml. */
final class ReportFiles {
    private static final String DIRECTORY = "pymacaron";

    private ReportFiles() {}

    /** @return path in the build's directory; null if there was nothing to keep */
    static String write(Run<?, ?> run, String stage, ResultText result) throws IOException {
        Optional<byte[]> content = result.forReport();
        if (content.isEmpty()) {
            return null;
        }
        Path directory = Files.createDirectories(run.getRootDir().toPath().resolve(DIRECTORY));
        for (int n = 1; ; n++) {
            Path file = directory.resolve(n + "-" + stage + ".json");
            try {
                Files.write(file, content.get(), StandardOpenOption.CREATE_NEW);
                return DIRECTORY + "/" + file.getFileName();
            } catch (FileAlreadyExistsException e) {
                // of another stage, or of another service in parallel
            }
        }
    }
}
