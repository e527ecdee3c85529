package io.jenkins.plugins.pymacaron.pipeline.contract;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Answers;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Ending;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.HandedOn;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Products;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Subject;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageParts.Tested;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.Counts;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The result of a stage that ran in a process of its own. Unknown texts are empty. It contains no secret. In JSON it is
 * one flat object.
 */
public record StageResult(
        int schema,
        @JsonUnwrapped Ending ending,
        @JsonUnwrapped Subject subject,
        @JsonUnwrapped HandedOn handedOn,
        @JsonUnwrapped Products products,
        @JsonUnwrapped Tested tests,
        @JsonUnwrapped Answers answers) {

    public static final int SCHEMA = 1;

    /**
     * The names of the environments that people see, and in the same order the identities of queues and histories;
     * empty where nothing is deployed.
     */
    public record Environments(String staging, List<String> live, String stagingId, List<String> liveIds) {
        public static final Environments NONE = new Environments("", List.of(), "", List.of());

        public Environments {
            staging = StageJson.text(staging);
            live = live == null ? List.of() : List.copyOf(live);
            // An earlier version did not send the identities.
            stagingId = StageJson.text(stagingId).isEmpty() ? staging : stagingId;
            liveIds = liveIds == null || liveIds.isEmpty() ? live : List.copyOf(liveIds);
        }
    }

    /** The image of a run. @param name the repository; {@code reused} whether it existed already */
    public record MadeImage(String name, String tag, String digest, String version, String commit, boolean reused) {
        public MadeImage {
            name = StageJson.text(name);
            tag = StageJson.text(tag);
            digest = StageJson.text(digest);
            version = StageJson.text(version);
            commit = StageJson.text(commit);
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
            slot = StageJson.text(slot);
            target = StageJson.text(target);
            environment = StageJson.text(environment);
            identity = StageJson.text(identity).isEmpty() ? environment : identity;
            url = StageJson.text(url);
            version = StageJson.text(version);
            digest = StageJson.text(digest);
            commit = StageJson.text(commit);
            deployment = StageJson.text(deployment);
            revision = StageJson.text(revision);
            since = since == null ? Instant.EPOCH : since;
        }
    }

    /**
     * Returns the same result with its texts changed, for instance with secrets masked. Data, such as names, ids and
     * addresses, stays.
     */
    public StageResult saying(UnaryOperator<String> words) {
        return new StageResult(
                schema,
                new Ending(stage(), outcome(), words.apply(message()), words.apply(note()), started(), duration()),
                subject,
                new HandedOn(state(), leaves().stream().map(words).toList()),
                products,
                new Tested(report(), counts(), words.apply(log()), gap()),
                new Answers(
                        config(),
                        plan().stream().map(words).toList(),
                        warnings().stream().map(words).toList()));
    }

    /** Reads a result. @throws IOException in one line, for any {@code json} that is no result */
    public static StageResult fromJson(String json) throws IOException {
        return StageJson.read(json, StageResult.class, SCHEMA);
    }

    /** Returns JSON on one line, in ASCII, and never longer than {@link #fromJson} reads, even if tests write a lot. */
    public String toJson() {
        String json = StageJson.write(this);
        for (int texts = ReportTrim.LONGEST; json.length() > StageJson.GOOD_SIZE && texts > 0; texts /= 4) {
            json = StageJson.write(with(report().map(ReportTrim.to(texts)), log()));
        }
        return json.length() <= StageJson.MAX_CHARACTERS ? json : StageJson.write(with(Optional.empty(), ""));
    }

    private StageResult with(Optional<AcceptanceReport> otherReport, String otherLog) {
        Tested others = new Tested(otherReport, counts(), otherLog, gap());
        return new StageResult(schema, ending, subject, handedOn, products, others, answers);
    }

    public RunOutcome outcome() {
        return ending.outcome();
    }

    public String stage() {
        return ending.stage();
    }

    public String message() {
        return ending.message();
    }

    public String note() {
        return ending.note();
    }

    public Instant started() {
        return ending.started();
    }

    public Duration duration() {
        return ending.duration();
    }

    public String service() {
        return subject.service();
    }

    public String commit() {
        return subject.commit();
    }

    public String branch() {
        return subject.branch();
    }

    public String author() {
        return subject.author();
    }

    public Environments environments() {
        return subject.environments();
    }

    public Map<String, Map<String, String>> state() {
        return handedOn.state();
    }

    public List<String> leaves() {
        return handedOn.leaves();
    }

    public Optional<MadeImage> image() {
        return products.image();
    }

    public List<MadeDeployment> deployments() {
        return products.deployments();
    }

    public List<MadeDeployment> previous() {
        return products.previous();
    }

    public Map<String, List<String>> kept() {
        return products.kept();
    }

    public Optional<Instant> keptUntil() {
        return products.keptUntil();
    }

    public Optional<AcceptanceReport> report() {
        return tests.report();
    }

    public Optional<Counts> counts() {
        return tests.counts();
    }

    public String log() {
        return tests.log();
    }

    public Optional<ServiceGap> gap() {
        return tests.gap();
    }

    public Map<String, Object> config() {
        return answers.config();
    }

    public List<String> plan() {
        return answers.plan();
    }

    public List<String> warnings() {
        return answers.warnings();
    }
}
