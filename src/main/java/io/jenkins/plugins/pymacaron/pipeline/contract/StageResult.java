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
 * What came of a stage that ran in a process of its own. Texts that are not known are empty. Holds no secret.
 *
 * @param message why it failed, one line; empty if it did not
 * @param note what it came to, one line; empty if there is nothing to say
 * @param environments the names of the environments that this service is deployed to
 * @param state what is new in it, for the next stages of the same deployment, wherever they run
 * @param image once there is one
 * @param deployments what this stage made serve; also what serves after it has failed, if that is something else than
 *     before. One without a version: nothing serves there any more
 * @param previous what served there before
 * @param report of the tests, where there were any
 * @param log the last lines of the container or service that was tested
 * @param config what holds for the service, by key, where that was asked for
 * @param plan what would be done, a line each, where that was asked for
 * @param leaves what must not stay if no other stage of the deployment follows, a line each; {@code cleanup} ends it then
 * @param kept the versions that each environment of live can go back to without a build, by its identity, as far as known
 * @param keptUntil when {@code cleanup} may end what is kept in live for a time; empty where nothing is, or none is known
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
     * As people see them, and in the same order the identities that queues and histories know them by; empty where nothing
     * is deployed.
     */
    public record Environments(String staging, List<String> live, String stagingId, List<String> liveIds) {
        public static final Environments NONE = new Environments("", List.of(), "", List.of());

        public Environments {
            staging = text(staging);
            live = live == null ? List.of() : List.copyOf(live);
            // An earlier version did not tell them.
            stagingId = text(stagingId).isEmpty() ? staging : stagingId;
            liveIds = liveIds == null || liveIds.isEmpty() ? live : List.copyOf(liveIds);
        }
    }

    /** @param name the repository; {@code reused} whether it was there already */
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
     * @param slot {@code staging} or {@code live}; {@code deployment} its id
     * @param environment as people see it
     * @param identity by which queues and histories know it, {@link io.jenkins.plugins.pymacaron.targets.EnvironmentId#text}
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

    /** The same in other words, as with secrets masked. What is data, such as names, ids and addresses, stays. */
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

    /** @throws IOException in one line, whatever {@code json} is */
    public static StageResult fromJson(String json) throws IOException {
        return StageJson.read(json, StageResult.class, SCHEMA);
    }

    /** On one line, of ASCII alone, and never more than {@link #fromJson} reads: tests may write a lot. */
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
