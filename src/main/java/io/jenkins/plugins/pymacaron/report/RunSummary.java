package io.jenkins.plugins.pymacaron.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One run of the pipeline, as {@code summary.json} keeps it. Texts that are not known (yet) are empty.
 *
 * @param schema of the file; {@link #SCHEMA} for the files of this version
 * @param service the service's name
 * @param version of the image, which GET /version returns
 * @param digest of the image in its registry, with {@code sha256:}
 * @param image the image's full reference
 * @param commit the full hash
 * @param message one line with the result
 */
public record RunSummary(
        int schema,
        String service,
        String version,
        String digest,
        String image,
        String commit,
        String branch,
        RunOutcome outcome,
        String message,
        Instant started,
        Duration duration,
        List<Deployment> deployments,
        List<StageSummary> stages) {

    public static final int SCHEMA = 1;

    public RunSummary {
        service = text(service);
        version = text(version);
        digest = text(digest);
        image = text(image);
        commit = text(commit);
        branch = text(branch);
        outcome = outcome == null ? RunOutcome.RUNNING : outcome;
        message = text(message);
        started = started == null ? Instant.EPOCH : started;
        duration = duration == null ? Duration.ZERO : duration;
        deployments = deployments == null ? List.of() : List.copyOf(deployments);
        stages = stages == null ? List.of() : List.copyOf(stages);
    }

    private static String text(String s) {
        return s == null ? "" : s;
    }

    /** Returns the counts of all tests of all stages together. */
    public Counts counts() {
        return stages.stream().flatMap(s -> s.counts().stream()).reduce(Counts.NONE, Counts::plus);
    }

    /** Writes the file so that a reader sees the old or the new one, never a part of one. */
    public void write(Path file) throws IOException {
        SummaryJson.write(file, this);
    }

    public String toJson() {
        return SummaryJson.text(this);
    }

    /**
     * Reads the file.
     *
     * @throws IOException with one line, also if the file is too big, not JSON, or of a newer schema
     */
    public static RunSummary read(Path file) throws IOException {
        return SummaryJson.read(file);
    }

    public static Builder builder(String service, Instant started) {
        return new Builder(service, started);
    }

    public Builder toBuilder() {
        return new Builder(service, started)
                .version(version)
                .digest(digest)
                .image(image)
                .commit(commit)
                .branch(branch)
                .outcome(outcome, message)
                .duration(duration)
                .deployments(deployments)
                .stages(stages);
    }

    /** Collects a summary while the run goes on; not thread-safe. */
    public static final class Builder {
        private final String service;
        private final Instant started;
        private String version = "";
        private String digest = "";
        private String image = "";
        private String commit = "";
        private String branch = "";
        private RunOutcome outcome = RunOutcome.RUNNING;
        private String message = "";
        private Duration duration = Duration.ZERO;
        private List<Deployment> deployments = List.of();
        private List<StageSummary> stages = List.of();

        private Builder(String service, Instant started) {
            this.service = service;
            this.started = started;
        }

        public Builder version(String value) {
            version = value;
            return this;
        }

        public Builder digest(String value) {
            digest = value;
            return this;
        }

        public Builder image(String value) {
            image = value;
            return this;
        }

        public Builder commit(String value) {
            commit = value;
            return this;
        }

        public Builder branch(String value) {
            branch = value;
            return this;
        }

        public Builder outcome(RunOutcome value, String why) {
            outcome = value;
            message = why;
            return this;
        }

        public Builder duration(Duration value) {
            duration = value;
            return this;
        }

        public Builder deployments(List<Deployment> value) {
            deployments = value;
            return this;
        }

        public Builder stages(List<StageSummary> value) {
            stages = value;
            return this;
        }

        public RunSummary build() {
            return new RunSummary(
                    SCHEMA,
                    service,
                    version,
                    digest,
                    image,
                    commit,
                    branch,
                    outcome,
                    message,
                    started,
                    duration,
                    deployments,
                    stages);
        }
    }
}
