package io.jenkins.plugins.pymacaron.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.EnvironmentId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run, what it keeps of its beginning, and a later process that finds itself elsewhere. */
class RunOriginTest {
    @TempDir
    static Path directory;

    private static FakeService service;

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
    }

    /** Returns the same run, on the engine of that id. */
    private static PreparedRun on(PreparedRun prepared, String engine) {
        return new PreparedRun(
                prepared.request(),
                prepared.inherited(),
                prepared.checkout(),
                prepared.config(),
                prepared.secrets(),
                prepared.python(),
                prepared.token(),
                prepared.processes(),
                prepared.docker(),
                prepared.login(),
                prepared.staging().map(place -> on(place, engine)),
                prepared.live().stream().map(place -> on(place, engine)).toList());
    }

    private static Place on(Place place, String engine) {
        Environment e = place.environment();
        return new Place(
                new Environment(
                        e.slot(),
                        e.index(),
                        e.config(),
                        e.variables(),
                        e.beside(),
                        Map.of(EnvironmentId.ENGINE, engine)),
                place.target());
    }

    @Test
    void theSamePlaceIsNotElsewhere() throws Exception {
        FakeRun run = service.run();
        RunOrigin.remember(on(run.prepared, "engine-1"), run.state);

        assertThat(RunOrigin.elsewhere(on(run.prepared, "engine-1"), run.state)).isEmpty();
        RunOrigin.remember(on(run.prepared, "engine-1"), run.state);
    }

    @Test
    void anotherEngineIsRefusedInOneLineThatNamesBoth() throws Exception {
        FakeRun run = service.run();
        RunOrigin.remember(on(run.prepared, "engine-1"), run.state);

        assertThatThrownBy(() -> RunOrigin.remember(on(run.prepared, "engine-2"), run.state))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.outcome()).isEqualTo(RunOutcome.CONFIG_INVALID))
                .hasMessageContainingAll("engine-1", "engine-2", "use the credential, or the engine, of then");
        assertThat(RunOrigin.elsewhere(on(run.prepared, "engine-1"), run.state))
                .as("where it began stays known")
                .isEmpty();
    }

    @Test
    void aRunThatKeptNoPlaceMayGoOnAnywhere() throws Exception {
        FakeRun run = service.run();

        assertThat(RunOrigin.elsewhere(on(run.prepared, "engine-2"), run.state)).isEmpty();
    }

    @Test
    void theConfigurationIsKeptBesideTheJournalsAsItWasCommitted() throws Exception {
        FakeRun run = service.run(Map.of(), "# as committed\n");
        StoredConfig.keep(run.prepared, run.directory);
        Files.writeString(service.project().resolve("pym-config.yaml"), "name: another\n");

        Path kept = StoredConfig.of(run.directory, run.prepared.request()).orElseThrow();

        assertThat(kept.resolve("pym-config.yaml")).content().contains("# as committed");
        assertThat(StoredConfig.newest(service.pym(), run.prepared.request())).isPresent();
    }

    @Test
    void theConfigurationOfAnotherEnvIsNotTaken() throws Exception {
        FakeRun run = service.run();
        StoredConfig.keep(run.prepared, run.directory);
        RunRequest qa =
                RunRequest.fromMap(service.project(), Optional.empty(), Map.of("tests", "ALL", "environment", "qa"));

        assertThat(StoredConfig.of(run.directory, qa)).isEmpty();
    }

    @Test
    void theCheckoutOfADeadRunIsRemovedAndNothingElseIs() throws Exception {
        FakeRun run = service.run();
        Path checkout = Files.createDirectories(
                Files.createTempDirectory("pymacaron-source").resolve("repository"));
        Path strange = Files.createTempDirectory("somebody-elses");
        run.state.put(
                "temporary",
                Map.of("source", checkout.toString(), "login", strange.toString(), "odd", "/", "tmp", "/tmp"));

        TemporaryResources.remove(run.state, service.progress());

        assertThat(checkout.resolveSibling("")).doesNotExist();
        assertThat(strange).isDirectory();
        assertThat(service.said()).isEmpty();
        Files.delete(strange);
    }

    @Test
    void theCheckoutOfARunIsRemembered() throws Exception {
        FakeRun run = service.run();

        TemporaryResources.remember(run.prepared, run.state);

        assertThat(run.state.get("temporary"))
                .isEqualTo(Map.of("source", run.prepared.source().directory().toString()));
    }

    @Test
    void anImageIsTheSameAfterItWasKept() {
        Map<String, String> image = FakeRun.image("two");

        assertThat(RunImage.toMap(RunImage.fromMap(image))).isEqualTo(image);
        assertThat(RunImage.fromMap(image).id()).contains("sha256:two");
        assertThat(RunImage.fromMap(image).digest()).isEmpty();
    }

    @Test
    void theStateOfAnEnvironmentIsASentence() throws Exception {
        assertThat(ServingState.of(service.live()).sentence())
                .isEqualTo("one serves at " + service.live().url() + " since 2026-01-02T03:04:05Z");
        service.live().stop();
        ServingState stopped = ServingState.of(service.live());
        assertThat(stopped.sentence()).isEqualTo("nothing serves now; one, which did last, is kept for a rollback");
        assertThat(stopped.serving()).isEmpty();
        service.live().clear();
        assertThat(ServingState.of(service.live()).sentence()).isEqualTo("nothing serves now");
        assertThat(ServingState.of(service.live()).good()).isEmpty();
    }
}
