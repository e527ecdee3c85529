package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.Counts;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The result of a stage that ran in a process of its own. Unknown texts are empty. It contains no secret.
 *
 * @param message why it failed, one line; empty if it did not
 * @param note what it came to, one line; empty if there is nothing to say
 * @param author the name of the author of the commit
 * @param environments the names of the environments that this service is deployed to
 * @param state the new entries, for the next stages of the same deployment on any agent
 * @param image once there is one
 * @param deployments the deployments that this stage made serve; also the deployment that serves after a failure, if
 *     that is another one than before. One without a version: nothing serves there any more
 * @param previous the deployments that served there before
 * @param report of the tests, where there were any
 * @param log the last lines of the container or service that was tested
 * @param config the settings of the service, by key, where they were asked for
 * @param plan the planned changes, a line each, where they were asked for
 * @param leaves resources to remove if no later stage of the deployment runs, a line each; {@code cleanup} then removes
 *     them
 * @param kept the versions that each environment of live can return to without a build, by its identity, as far as
 *     known
 * @param keptUntil the time when {@code cleanup} may delete a kept version of live; empty where there is none, or none
 *     is known
 */
public record StageResult(
        int schema,
        String stage,
        RunOutcome outcome,
        String message,
        String note,
        String service,
        String commit,
        String branch,
        String author,
        Environments environments,
        Map<String, Map<String, String>> state,
        Optional<MadeImage> image,
        List<MadeDeployment> deployments,
        List<MadeDeployment> previous,
        Optional<AcceptanceReport> report,
        Optional<Counts> counts,
        String log,
        Optional<ServiceGap> gap,
        Map<String, Object> config,
        List<String> plan,
        List<String> warnings,
        List<String> leaves,
        Map<String, List<String>> kept,
        Optional<Instant> keptUntil,
        Instant started,
        Duration duration) {

    public static final int SCHEMA = 1;

    /**
     * The names of the environments that people see, and in the same order the identities of queues and histories;
     * empty where nothing is deployed.
     */
    public record Environments(String staging, List<String> live, String stagingId, List<String> liveIds) {
        public static final Environments NONE = new Environments("", List.of(), "", List.of());

        public Environments {
            staging = text(staging);
            live = live == null ? List.of() : List.copyOf(live);
            // An earlier version did not send the identities.
            stagingId = text(stagingId).isEmpty() ? staging : stagingId;
            liveIds = liveIds == null || liveIds.isEmpty() ? live : List.copyOf(liveIds);
        }
    }

    /** The image of a run. @param name the repository; {@code reused} whether it existed already */
    public record MadeImage(String name, String tag, String digest, String version, String commit, boolean reused) {
        public MadeImage {
            name = text(name);
            tag = text(tag);
            digest = text(digest);
            version = text(version);
            commit = text(commit);
        }
    }

    /**
     * A deployment that a stage has made.
     *
     * @param slot {@code staging} or {@code live}; {@code deployment} its id
     * @param environment the name that people see
     * @param identity by which queues and histories know it,
     *     {@link io.jenkins.plugins.pymacaron.targets.EnvironmentId#text}
     */
    public record MadeDeployment(
            String slot,
            String target,
            String environment,
            String identity,
            String url,
            String version,
            String digest,
            String commit,
            String deployment,
            String revision,
            Instant since) {
        public MadeDeployment {
            slot = text(slot);
            target = text(target);
            environment = text(environment);
            identity = text(identity).isEmpty() ? environment : identity;
            url = text(url);
            version = text(version);
            digest = text(digest);
            commit = text(commit);
            deployment = text(deployment);
            revision = text(revision);
            since = since == null ? Instant.EPOCH : since;
        }
    }

    public StageResult {
        stage = text(stage);
        outcome = outcome == null ? RunOutcome.RUNNING : outcome;
        message = text(message);
        note = text(note);
        service = text(service);
        commit = text(commit);
        branch = text(branch);
        author = text(author);
        environments = environments == null ? Environments.NONE : environments;
        state = StageJson.copy(state);
        deployments = deployments == null ? List.of() : List.copyOf(deployments);
        previous = previous == null ? List.of() : List.copyOf(previous);
        log = text(log);
        image = given(image);
        report = given(report);
        counts = given(counts);
        gap = given(gap);
        keptUntil = given(keptUntil);
        config = config == null ? Map.of() : Collections.unmodifiableMap(config);
        plan = plan == null ? List.of() : List.copyOf(plan);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
        leaves = leaves == null ? List.of() : List.copyOf(leaves);
        kept = StageJson.lists(kept);
        started = started == null ? Instant.EPOCH : started;
        duration = duration == null ? Duration.ZERO : duration;
    }

    /**
     * Returns the same result with its texts changed, for instance with secrets masked. Data, such as names, ids and
     * addresses, stays.
     */
    public StageResult saying(UnaryOperator<String> words) {
        return new StageResult(
                schema,
                stage,
                outcome,
                words.apply(message),
                words.apply(note),
                service,
                commit,
                branch,
                author,
                environments,
                state,
                image,
                deployments,
                previous,
                report,
                counts,
                words.apply(log),
                gap,
                config,
                plan.stream().map(words).toList(),
                warnings.stream().map(words).toList(),
                leaves.stream().map(words).toList(),
                kept,
                keptUntil,
                started,
                duration);
    }

    /** Reads a result. @throws IOException in one line, for any {@code json} that is no result */
    public static StageResult fromJson(String json) throws IOException {
        return StageJson.read(json, StageResult.class, SCHEMA);
    }

    /** Returns JSON on one line, in ASCII, and never longer than {@link #fromJson} reads, even if tests write a lot. */
    public String toJson() {
        String json = StageJson.write(this);
        for (int texts = ReportTrim.LONGEST; json.length() > StageJson.GOOD_SIZE && texts > 0; texts /= 4) {
            json = StageJson.write(with(report.map(ReportTrim.to(texts)), log));
        }
        return json.length() <= StageJson.MAX_CHARACTERS ? json : StageJson.write(with(Optional.empty(), ""));
    }

    private StageResult with(Optional<AcceptanceReport> otherReport, String otherLog) {
        return new StageResult(
                schema,
                stage,
                outcome,
                message,
                note,
                service,
                commit,
                branch,
                author,
                environments,
                state,
                image,
                deployments,
                previous,
                otherReport,
                counts,
                otherLog,
                gap,
                config,
                plan,
                warnings,
                leaves,
                kept,
                keptUntil,
                started,
                duration);
    }

    private static <T> Optional<T> given(Optional<T> value) {
        return value == null ? Optional.empty() : value;
    }

    private static String text(String s) {
        return s == null ? "" : s;
    }
}
