package io.jenkins.plugins.pymacaron.pipeline.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.pipeline.Lines;
import io.jenkins.plugins.pymacaron.pipeline.contract.Parameter;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageSpec;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.preflight.Preflight;
import io.jenkins.plugins.pymacaron.pipeline.stage.StageFindings;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PymDirectory;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.cloud.PlayHosts;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A dead run whose undo cannot be tried is in the way of no other run, except where they change the same. */
class UntriedUndoTest {
    private static final String OLDER = "20260101-000000-001";
    private static final String NEWER = "20260101-000000-002";
    private static final String CONFIG = """
            name: hello
            deploy_target: gke
            docker_repo: demo
            builder: layers
            live_url: http://localhost:8080
            staging:
              live_url: http://localhost:8081
            """;

    private static PlayHosts hosts;
    private static KubeServer kube;

    @TempDir
    Path project;

    private final List<String> said = new ArrayList<>();
    private PymDirectory pym;
    private DeadRunCleaner cleaner;

    /** The reasons why an undo cannot be tried. */
    enum Trouble {
        DAMAGED_JOURNAL("line 1 of "),
        JOURNAL_OF_ANOTHER_VERSION("was written by another version of this software"),
        UNREACHABLE_CLUSTER("there is no context gone in the kubeconfig");

        private final String why;

        Trouble(String why) {
            this.why = why;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        hosts = new PlayHosts(image -> Optional.of("1"));
        kube = new KubeServer(hosts, image -> true, 1000, Map.of());
    }

    @AfterAll
    static void stop() {
        kube.close();
        hosts.close();
    }

    @BeforeEach
    void begin() throws IOException {
        pym = PymDirectory.of(project);
        cleaner = new DeadRunCleaner(request(""), inherited(), new Lines(said));
    }

    private Map<String, String> inherited() {
        return Map.of("PYM_KUBECONFIG", Wires.kubeconfig(kube), "HOME", project.toString());
    }

    private RunRequest request(String env) {
        return RunRequest.of(project).with(Parameter.ENVIRONMENT, env.isEmpty() ? null : env);
    }

    /** Leaves what a run by the file of that ENV has beside its journals when its process is killed. */
    private void dead(String id, String env, String more) throws IOException {
        RunState state = RunState.begin(pym.run(id), request(env).toMap());
        state.put("source", Map.of("commit", "c"));
        Path config = Files.createDirectories(pym.run(id).resolve("config"));
        String file = env.isEmpty() ? "pym-config.yaml" : "pym-config." + env + ".yaml";
        Files.writeString(config.resolve(file), CONFIG + more);
    }

    private void dead(Trouble trouble, String id, String env) throws IOException {
        if (trouble == Trouble.UNREACHABLE_CLUSTER) {
            dead(id, env, "gke_context: gone\n");
            return;
        }
        dead(id, env, "");
        Path operations = Files.createDirectories(pym.run(id).resolve("operations"));
        new JournalStore(operations, Clock.systemUTC())
                .create("live-activate", "gke.deploy", Map.of())
                .close();
        Path journal = operations.resolve("live-activate.journal");
        String line = Files.readString(journal);
        String changed = line.replace("\"schema\":1", "\"schema\":99");
        assertThat(changed).isNotEqualTo(line);
        Files.writeString(journal, trouble == Trouble.DAMAGED_JOURNAL ? changed + line : sealed(changed));
    }

    /** Returns the line with the checksum of its new content. */
    private static String sealed(String line) {
        String body = line.substring("[\"01234567\",".length(), line.lastIndexOf(']'));
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "[\"%08x\",%s]%n", crc.getValue(), body);
    }

    private boolean isUndone(String id) throws IOException {
        return !RunState.open(pym.run(id)).hasLeft();
    }

    private void assertExplained(Trouble trouble, String line) throws IOException {
        assertThat(line)
                .startsWith("the changes of the run of " + NEWER + " are not undone: ")
                .contains(trouble.why)
                .endsWith(". The next clean-up tries again. If it cannot, look at them, then remove " + pym.run(NEWER))
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void theRunOfAnotherFileStopsNoDeployment(Trouble trouble) throws Exception {
        dead(OLDER, "", "");
        dead(trouble, NEWER, "qa");

        cleaner.sweepBefore(pym);

        assertThat(isUndone(OLDER)).isTrue();
        assertThat(isUndone(NEWER)).as("the next clean-up tries again").isFalse();
        assertThat(said)
                .filteredOn(line -> line.contains("are not undone"))
                .singleElement()
                .satisfies(line -> assertExplained(trouble, line));
    }

    /** The environments of the deployment may be half-changed. */
    @ParameterizedTest
    @EnumSource
    void theRunOfTheSameFileStopsADeploymentAfterTheOthersAreUndone(Trouble trouble) throws Exception {
        dead(OLDER, "", "");
        dead(trouble, NEWER, "");

        StageFailedException failed = catchThrowableOfType(StageFailedException.class, () -> cleaner.sweepBefore(pym));

        assertThat(failed.outcome()).isEqualTo(RunOutcome.CONFIG_INVALID);
        assertExplained(trouble, failed.getMessage());
        assertThat(isUndone(OLDER)).isTrue();
        assertThat(isUndone(NEWER)).isFalse();
    }

    /** The holder has the turn of this machine, or deploys from another machine. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeploymentByAnotherFileThatIsUnderWayIsNotWaitedFor(boolean here) throws Exception {
        dead(OLDER, "", "");
        dead(NEWER, "qa", "gke_namespace: qa\n");
        Map<String, String> holder = new HashMap<>(inherited());
        holder.put("HOME", project.resolve(here ? "" : "elsewhere").toString());
        Lines nothing = new Lines(new ArrayList<>());
        try (PreparedRun qa = new Preflight(request("qa"), holder, nothing)
                        .prepareBack(Optional.of(pym.run(NEWER).resolve("config")));
                EnvironmentLocks held = EnvironmentLocks.take(qa, "the-holder", holder, nothing)) {
            cleaner.sweepBefore(pym);

            assertThat(held.owner()).isEqualTo("the-holder");
        }
        assertThat(isUndone(OLDER)).isTrue();
        assertThat(isUndone(NEWER)).isFalse();
        assertThat(said)
                .filteredOn(line -> line.contains("are not undone"))
                .singleElement()
                .asString()
                .contains(here ? "is still at it" : "the-holder");
        said.clear();

        cleaner.sweepBefore(pym);

        assertThat(isUndone(NEWER)).as("%s", said).isTrue();
    }

    @Test
    void anUndoNeedsNoSecretOfTheService() throws Exception {
        dead(NEWER, "", "env_secrets: [RENAMED_SINCE]\n");

        assertThat(cleaner.sweep(pym)).as("%s", said).isTrue();

        assertThat(isUndone(NEWER)).isTrue();
    }

    /** Jenkins asks for the clean-up of the other deployment by itself; the shell asks for all of them at once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCleanUpGoesOnAndTellsWhetherItIsComplete(boolean inStages) throws Exception {
        dead(OLDER, "", "");
        dead(Trouble.UNREACHABLE_CLUSTER, NEWER, "qa");
        StageSpec spec = new StageSpec(
                StageSpec.SCHEMA,
                StageSpec.CLEANUP,
                "job-1",
                project.toString(),
                project.toString(),
                Map.of(),
                Map.of(),
                List.of(),
                true,
                Map.of());
        StageFindings found = new StageFindings(StageSpec.CLEANUP, Map.of(), Instant.now());

        boolean complete = new CleanupRun(request(""), inherited(), new Lines(said))
                .withoutWorkingCopy()
                .run(pym, pym.freshId(), Optional.of(spec).filter(s -> inStages), found);

        assertThat(complete).isEqualTo(inStages);
        assertThat(isUndone(OLDER)).isTrue();
    }
}
