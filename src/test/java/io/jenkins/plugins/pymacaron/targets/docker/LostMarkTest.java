package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Volumes;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import io.jenkins.plugins.pymacaron.targets.cloud.Drive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user deletes the unused volumes of an engine, and with them the mark of live, while a run changes live. */
@Timeout(20 * 60)
class LostMarkTest {
    @TempDir
    private Path temporary;

    private EngineScene scene;

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private DockerTarget live() throws Exception {
        return scene.target(Slot.LIVE, (argv, engine) -> engine.call());
    }

    private void deleteUnusedVolumes() throws Exception {
        Volumes volumes = scene.engine.client((argv, engine) -> engine.call()).volumes();
        Map<String, String> marks = volumes.listed(
                Map.of(DockerMetadata.LIVE_MARK_OF, scene.environment(Slot.LIVE).name()), DockerMetadata.LIVE_MARK);
        assertThat(marks).hasSize(1);
        volumes.remove(marks.keySet());
    }

    /** Returns a promotion of v2 over v1, cut off at the start of its container. @param started whether it runs by then */
    private CutOff promotion(boolean shared, boolean started) throws Exception {
        scene = new EngineScene(temporary.resolve("engine"), shared);
        scene.deploy("v1");
        Candidate candidate = EngineScene.candidate("v2");
        DockerTarget live = live();
        try (Drive drive = new Drive(Files.createDirectories(temporary.resolve("rehearsal")))) {
            Optional<Deployed> before = live.current();
            Deployed ready = drive.done(live, live.prepare(candidate));
            return new CutOff(
                    temporary.resolve("promotion"),
                    live,
                    live.activate(candidate, ready, before),
                    DockerEffects.START,
                    started);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,false"})
    void theVersionBeforeServesAgain(boolean shared, boolean started) throws Exception {
        try (CutOff promotion = promotion(shared, started)) {
            deleteUnusedVolumes();

            Outcome outcome = promotion.undo();

            assertThat(outcome.left()).isEmpty();
            assertThat(scene.answers()).containsExactly("v1");
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,false"})
    void aRunThatGoesOnNeverEndsTheOnlyVersionThatAnswers(boolean shared, boolean started) throws Exception {
        try (CutOff promotion = promotion(shared, started)) {
            deleteUnusedVolumes();

            Outcome outcome = promotion.resume();

            assertThat(outcome.left()).isEmpty();
            assertThat(scene.answers()).containsExactly(outcome instanceof Outcome.Done ? "v2" : "v1");
        }
    }

    /** The container that runs may be the live one of another user, who has deployed the same version since. */
    @Test
    void theOnlyVersionThatAnswersStays() throws Exception {
        try (CutOff promotion = promotion(false, true)) {
            scene.deploy("v2");
            deleteUnusedVolumes();

            Outcome outcome = promotion.undo();

            assertThat(outcome.left()).isEmpty();
            assertThat(scene.answers()).containsExactly("v2");
        }
    }
}
