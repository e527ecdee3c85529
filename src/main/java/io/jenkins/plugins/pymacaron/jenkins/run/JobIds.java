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
 * Ids of jobs, in a file of each job's directory. The file goes with a job that is renamed or moved. It is not copied
 * with the job's configuration, and a job that was deleted and made again under the same name has a new one.
 */
public final class JobIds {
    private static final String FILE = "pymacaron-job-id";
    private static final Object LOCK = new Object();

    private JobIds() {}

    /** Returns the id; it is made if the job has none yet. */
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

    /** Returns the id as {@link #of} does, without making one; empty also where it cannot be read. */
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
