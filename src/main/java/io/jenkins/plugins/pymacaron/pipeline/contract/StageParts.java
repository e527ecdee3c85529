package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.Environments;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeDeployment;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageResult.MadeImage;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.Counts;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.ServiceGap;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of a {@link StageResult}, by their meaning. Unknown texts are empty. */
public final class StageParts {
    private StageParts() {}

    /**
     * The end of a stage.
     *
     * @param stage its key
     * @param message why it failed, one line; empty if it did not
     * @param note what it came to, one line; empty if there is nothing to say
     */
    public record Ending(
            String stage, RunOutcome outcome, String message, String note, Instant started, Duration duration) {
        public Ending {
            stage = StageJson.text(stage);
            outcome = outcome == null ? RunOutcome.RUNNING : outcome;
            message = StageJson.text(message);
            note = StageJson.text(note);
            started = started == null ? Instant.EPOCH : started;
            duration = duration == null ? Duration.ZERO : duration;
        }
    }

    /**
     * The service and the commit that a stage was about.
     *
     * @param author the name of the author of the commit
     * @param environments the names of the environments that this service is deployed to
     */
    public record Subject(String service, String commit, String branch, String author, Environments environments) {
        public static final Subject NONE = new Subject("", "", "", "", Environments.NONE);

        public Subject {
            service = StageJson.text(service);
            commit = StageJson.text(commit);
            branch = StageJson.text(branch);
            author = StageJson.text(author);
            environments = environments == null ? Environments.NONE : environments;
        }
    }

    /**
     * The image and the deployments that a stage has made or found.
     *
     * @param image once there is one
     * @param deployments the deployments that this stage made serve; also the deployment that serves after a failure, if
     *     that is another one than before. One without a version: nothing serves there any more
     * @param previous the deployments that served there before
     * @param kept the versions that each environment of live can return to without a build, by its identity, as far as
     *     known
     * @param keptUntil the time when {@code cleanup} may delete a kept version of live; empty where there is none, or none
     *     is known
     */
    public record Products(
            Optional<MadeImage> image,
            List<MadeDeployment> deployments,
            List<MadeDeployment> previous,
            Map<String, List<String>> kept,
            Optional<Instant> keptUntil) {
        public static final Products NONE =
                new Products(Optional.empty(), List.of(), List.of(), Map.of(), Optional.empty());

        public Products {
            image = StageJson.given(image);
            deployments = StageJson.list(deployments);
            previous = StageJson.list(previous);
            kept = StageJson.lists(kept);
            keptUntil = StageJson.given(keptUntil);
        }
    }

    /**
     * The tests of a stage.
     *
     * @param report of the tests, where there were any
     * @param log the last lines of the container or service that was tested
     */
    public record Tested(
            Optional<AcceptanceReport> report, Optional<Counts> counts, String log, Optional<ServiceGap> gap) {
        public Tested {
            report = StageJson.given(report);
            counts = StageJson.given(counts);
            log = StageJson.text(log);
            gap = StageJson.given(gap);
        }
    }

    /**
     * The answers of a stage to its caller.
     *
     * @param config the settings of the service, by key, where they were asked for
     * @param plan the planned changes, a line each, where they were asked for
     */
    public record Answers(Map<String, Object> config, List<String> plan, List<String> warnings) {
        public static final Answers NONE = new Answers(Map.of(), List.of(), List.of());

        public Answers {
            config = config == null ? Map.of() : Collections.unmodifiableMap(config);
            plan = StageJson.list(plan);
            warnings = StageJson.list(warnings);
        }
    }

    /**
     * The parts of a result that are for later stages of the same deployment.
     *
     * @param state the new entries, for the next stages on any agent
     * @param leaves resources to remove if no later stage of the deployment runs, a line each; {@code cleanup} then removes
     *     them
     */
    public record HandedOn(Map<String, Map<String, String>> state, List<String> leaves) {
        public static final HandedOn NONE = new HandedOn(Map.of(), List.of());

        public HandedOn {
            state = StageJson.copy(state);
            leaves = StageJson.list(leaves);
        }
    }
}
