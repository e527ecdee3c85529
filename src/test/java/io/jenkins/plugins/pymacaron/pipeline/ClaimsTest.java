package io.jenkins.plugins.pymacaron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.Secrets;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.image.BuiltImage;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.cleanup.DeadRunCleaner;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.lock.RunLeases;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunRecorder;
import io.jenkins.plugins.pymacaron.pipeline.stage.DeployRun;
import io.jenkins.plugins.pymacaron.pipeline.stage.ImageStages;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunImage;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.LiveMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks the table "Undo after a failure" of docs/pymdeploy.md against a world that answers: for each of its rows about
 * environments, every effect of the rollback is refused in turn, and the claim of the outcome is compared with the
 * answers.
 */
class ClaimsTest {
    private static final Processes PROCESSES = new Processes(SecretMask.NONE, line -> {});
    private static final String NEW = "two";

    /** A row of the table: the failure, and the promise where the rollback succeeds. */
    enum Row {
        STAGING("docker/hello/staging start:box-", "one", "one", RunOutcome.DEPLOY_FAILED),
        ACCEPT_STAGING("wrong staging", "one", "one", RunOutcome.TESTS_FAILED),
        PRE_PROMOTE("pre_promote", NEW, "one", RunOutcome.DEPLOY_FAILED),
        PROMOTE("docker/hello/live start:box-", NEW, "one", RunOutcome.DEPLOY_FAILED),
        ACCEPT_LIVE("wrong live", NEW, "one", RunOutcome.ROLLED_BACK),
        ACCEPT_FIRST_LIVE("wrong live", NEW, "", RunOutcome.DEPLOY_FAILED),
        PROMOTE_FIRST("docker/hello/live start:box-", NEW, "", RunOutcome.DEPLOY_FAILED);

        private final String fault;
        private final String staging;
        private final String live;
        private final RunOutcome outcome;

        Row(String fault, String staging, String live, RunOutcome outcome) {
            this.fault = fault;
            this.staging = staging;
            this.live = live;
            this.outcome = outcome;
        }
    }

    @TempDir
    Path temporary;

    private final Set<String> refused = new HashSet<>();
    private final List<String> applied = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private ModelTarget staging;
    private ModelTarget live;
    private Optional<SourceTree> source = Optional.empty();
    private int runs;

    @BeforeEach
    void makeWorld() throws IOException {
        staging = new ModelTarget("docker/hello/staging", refused, applied);
        live = new ModelTarget("docker/hello/live", refused, applied);
    }

    @AfterEach
    void endWorld() {
        staging.close();
        live.close();
        source.ifPresent(SourceTree::close);
    }

    private final class Story {
        private final PreparedRun prepared;
        private final PymDirectory pym;
        private final RunState state;
        private final Path directory;
        private final String candidate;
        private RunOutcome outcome = RunOutcome.SUCCEEDED;
        private String message = "";

        /** A deployment of {@link #NEW} whose image is there, with that row's fault. */
        Story(Row row, String more) throws Exception {
            refused.clear();
            applied.clear();
            said.clear();
            staging.empty().serving("one");
            live.empty();
            if (!row.live.isEmpty()) {
                live.serving("one");
            }
            Path home = Files.createDirectories(temporary.resolve("run" + runs++));
            prepared = prepared(row);
            pym = PymDirectory.of(home);
            directory = pym.run(pym.freshId());
            state = RunState.begin(directory, prepared.request().toMap());
            state.put("image", image());
            for (Stage stage : List.of(Stage.UNIT, Stage.BUILD, Stage.CONTAINER, Stage.PUSH)) {
                state.done(stage, "");
            }
            try (OperationRunner operations = operations()) {
                ImageStages images = new ImageStages(prepared, recorder(), state, pym);
                Place place = row.staging.equals(NEW)
                        ? prepared.live().get(0)
                        : prepared.staging().orElseThrow();
                candidate = images.candidate(new EnvironmentDeployment(place, operations, state))
                        .deploymentId();
            }
            if (row.fault.endsWith("box-")) {
                refused.add(row.fault + candidate);
            }
            if (!more.isEmpty()) {
                refused.add(more.replace("CANDIDATE", candidate));
            }
            staging.wrong = row.fault.equals("wrong staging") ? "box-" + candidate : "";
            live.wrong = row.fault.equals("wrong live") ? "box-" + candidate : "";
        }

        OperationRunner operations() throws IOException {
            return new OperationRunner(directory.resolve("operations"), progress())
                    .heldBy(EnvironmentLocks.of("run-1", new RunLeases("run-1", progress())));
        }

        private RunRecorder recorder() throws IOException {
            return new RunRecorder(
                    progress(),
                    Files.createDirectories(directory.resolve("report")),
                    Clock.systemUTC(),
                    EnumSet.allOf(Stage.class));
        }

        Story run() throws Exception {
            try (OperationRunner operations = operations()) {
                outcome = new DeployRun(prepared, recorder(), state, pym, operations).run();
            } catch (StageFailedException e) {
                outcome = e.outcome();
                message = e.getMessage();
                assertThat(e.isSuspended()).as(message).isFalse();
            }
            state.end(outcome);
            return this;
        }

        /** Runs the next clean-up, in a process of its own. @return what is left */
        List<String> cleanUp() throws Exception {
            RunState kept = RunState.open(directory);
            assertThat(kept.hasLeft()).isTrue();
            try (OperationRunner operations = operations().tryingAgain()) {
                return new DeadRunCleaner(prepared.request(), Map.of(), progress()).undo(prepared, operations, kept);
            }
        }
    }

    private Map<String, String> image() {
        return RunImage.toMap(new BuiltImage(
                "hello",
                NEW,
                "src-2",
                "c-two",
                Optional.of("sha256:two"),
                Optional.empty(),
                BuiltImage.Origin.LOCAL,
                "base",
                ""));
    }

    private SourceTree source(Row row) throws Exception {
        if (source.isPresent()) {
            return source.get();
        }
        Path project = Files.createDirectories(temporary.resolve("project"));
        Files.writeString(project.resolve("pym-config.yaml"), """
                name: hello
                deploy_target: docker
                docker_repo: e2e
                docker_base: base
                live_url: %s
                staging:
                  live_url: %s
                %s
                """.formatted(
                        live.url(), staging.url(), row == Row.PRE_PROMOTE ? "pre_promote: ['false']" : ""));
        git(project, "init", "--quiet", "--initial-branch=main");
        git(project, "add", "--all");
        git(project, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first");
        source = Optional.of(SourceTree.ofWorkingCopy(PROCESSES, project));
        return source.get();
    }

    private PreparedRun prepared(Row row) throws Exception {
        SourceTree tree = source(row);
        ProjectConfig config = ConfigReader.read(tree.directory(), Overrides.NONE);
        return new PreparedRun(
                RunRequest.of(tree.workingDirectory()),
                Map.of(),
                Optional.of(tree),
                config,
                Secrets.NONE,
                Optional.empty(),
                Optional.empty(),
                PROCESSES,
                new Docker(PROCESSES, Optional.empty()),
                Optional.empty(),
                Optional.of(new Place(new Environment(Slot.STAGING, 0, config.staging(), Map.of()), staging)),
                List.of(new Place(new Environment(Slot.LIVE, 0, config.live().get(0), Map.of()), live)));
    }

    private static void git(Path directory, String... arguments) throws Exception {
        PROCESSES.query(Command.of("git").and(List.of(arguments)).in(directory)).orThrow("git");
    }

    private RunProgress progress() {
        return new SilentProgress() {
            @Override
            public void say(String text) {
                said.add(text);
            }

            @Override
            public void warning(String text) {
                said.add(text);
            }
        };
    }

    private void assertClaimHolds(Row row, Story story, String what) {
        String as = row + ", " + what + ": " + story.outcome + ", " + story.message;
        if (story.outcome == RunOutcome.ROLLBACK_FAILED) {
            boolean asPromised =
                    staging.answer().equals(row.staging) && live.answer().equals(row.live);
            assertThat(story.message).as(as).containsPattern("serves? in docker/hello/(live|staging)|not rolled back");
            if (!asPromised) {
                ModelTarget lost = live.answer().equals(row.live) ? staging : live;
                String now = lost.current().map(d -> d.version() + " ").orElse("nothing serves in ");
                assertThat(story.message).as(as).contains(now, lost.environment());
            }
        } else if (story.outcome != RunOutcome.SUCCEEDED) {
            assertThat(staging.answer()).as(as).isEqualTo(row.staging);
            assertThat(live.answer()).as(as).isEqualTo(row.live);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theExitCodeClaimsTheVersionThatAnswers(Row row) throws Exception {
        Story free = new Story(row, "").run();
        assertThat(free.outcome).as(free.message).isEqualTo(row.outcome);
        assertClaimHolds(row, free, "the rollback is free");
        Set<String> effects = new LinkedHashSet<>(applied);
        effects.removeIf(
                effect -> !effect.startsWith(row.staging.equals(NEW) ? "docker/hello/live" : "docker/hello/staging"));
        int failed = 0;

        for (String effect : effects) {
            String any = effect.replace(free.candidate, "CANDIDATE");
            Story story = new Story(row, any).run();
            assertClaimHolds(row, story, effect + " refused");
            if (story.outcome == RunOutcome.ROLLBACK_FAILED) {
                failed++;
                assertThat(story.cleanUp()).as("still refused, " + effect).isNotEmpty();
                refused.clear();
                assertThat(story.cleanUp())
                        .as(effect + " is possible by now: " + said)
                        .isEmpty();
                assertThat(live.answer()).as(row + ", " + effect).isEqualTo(row.live);
                assertThat(live.programs())
                        .as(row + ", " + effect)
                        .isEqualTo(row.live.isEmpty() ? List.of() : List.of("box-one"));
                assertThat(staging.answer()).as(row + ", " + effect).isEqualTo(row.staging);
            }
        }

        assertThat(failed > 0 || row == Row.PRE_PROMOTE).as("%s", effects).isTrue();
    }

    /** Every step of the undo succeeds by its own report, and live is down all the same. */
    @Test
    void aLiveThatDoesNotComeUpAgainIsSeen() throws Exception {
        Story story = new Story(Row.PROMOTE, "");
        live.dead = Set.of("box-one");
        story.run();

        assertThat(story.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(story.message).contains("nothing serves in docker/hello/live, where one served before");
        live.dead = Set.of();
        assertThat(story.cleanUp()).isEmpty();
        assertThat(live.answer()).isEqualTo("one");
    }

    /** The same version: what serves is what this run has made serve, and still is another's. */
    @Test
    void aVersionThatAnotherRunHasDeployedAgainStays() throws Exception {
        Story story = new Story(Row.ACCEPT_LIVE, "");
        live.meanwhile = () -> {
            if (live.serves("box-" + story.candidate)) {
                live.mark.set(LiveMark.Claim.of("run-2", "", NEW).mine());
            }
        };
        story.run();

        assertThat(story.outcome).as(story.message).isEqualTo(RunOutcome.SUPERSEDED);
        assertThat(story.message)
                .contains(
                        "superseded by two of run-2: what serves in docker/hello/live is another deployment's by now; it"
                                + " stays as it is");
        assertThat(live.serves("box-" + story.candidate)).isTrue();
    }

    @Test
    void aLaterDeploymentOfAnotherRunStays() throws Exception {
        Story story = new Story(Row.PROMOTE, "docker/hello/live start:box-one").run();
        assertThat(story.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        refused.clear();
        live.serving("three");

        assertThat(story.cleanUp()).isEmpty();

        assertThat(live.answer()).isEqualTo("three");
        assertThat(said).anyMatch(line -> line.contains("Another deployment serves in docker/hello/live by now"));
    }
}
