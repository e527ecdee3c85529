package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.util.AtomicFileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Ids of jobs, in a file of each job's directory: that goes with a job that is renamed or moved, and is neither copied with
 * its configuration nor there in a job that was deleted and made anew under the same name.
 */
public final class JobIds {
    private static final String FILE = "pymacaron-job-id";
    private static final Object LOCK = new Object();

    private JobIds() {}

    /** Made if it has none yet. */
    @NonNull
    public static String of(@NonNull Job<?, ?> job) throws IOException {
        Path file = job.getRootDir().toPath().resolve(FILE);
        synchronized (LOCK) {
            if (!Files.exists(file)) {
                try (AtomicFileWriter writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
                    writer.write(UUID.randomUUID().toString());
                    writer.commit();
                }
            }
            return Files.readString(file).strip();
        }
    }

    /** As {@link #of}, without making one; empty also where it cannot be read. */
    @NonNull
    public static Optional<String> find(@NonNull Job<?, ?> job) {
        try {
            return Optional.of(
                    Files.readString(job.getRootDir().toPath().resolve(FILE)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
