package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.model.Run;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps the report of a stage, in the build's directory as {@link StageResult#toJson}: it is too large for its
 * build.xml.
 */
final class ReportFiles {
    private static final String DIRECTORY = "pymacaron";

    private ReportFiles() {}

    /** Writes the report. @return path in the build's directory; null if there was nothing to keep */
    static String write(Run<?, ?> run, String stage, StageResult result) throws IOException {
        if (result.report().isEmpty() && result.log().isEmpty() && result.gap().isEmpty()) {
            return null;
        }
        byte[] content = result.toJson().getBytes(StandardCharsets.UTF_8);
        Path directory = Files.createDirectories(run.getRootDir().toPath().resolve(DIRECTORY));
        for (int n = 1; ; n++) {
            Path file = directory.resolve(n + "-" + stage + ".json");
            try {
                Files.write(file, content, StandardOpenOption.CREATE_NEW);
                return DIRECTORY + "/" + file.getFileName();
            } catch (FileAlreadyExistsException e) {
                // It is of another stage, or of another service in parallel.
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }
}
