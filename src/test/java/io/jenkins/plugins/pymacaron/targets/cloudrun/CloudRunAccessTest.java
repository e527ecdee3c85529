package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An old run does not change who may call what another run has deployed since. */
class CloudRunAccessTest {
    private static final String PRIVATE = RunRig.CONFIG + "allow_unauthenticated: false\n";

    @TempDir
    private Path directory;

    @TempDir
    private Path journals;

    private RunRig rig;

    @BeforeEach
    void begin() throws Exception {
        rig = new RunRig(directory);
    }

    @AfterEach
    void end() {
        assertThat(rig.server.wire.troubles).isEmpty();
        rig.close();
    }

    private void deploy(Slot slot, String version) throws Exception {
        CloudRunTarget target = rig.target(slot);
        if (slot == Slot.LIVE) {
            rig.live(version);
        } else {
            rig.done(target, target.prepare(RunRig.candidate(version)));
        }
    }

    @ParameterizedTest
    @EnumSource(Slot.class)
    void aRunThatGoesOnDoesNotOpenTheServiceThatAnotherHasDeployedAsPrivate(Slot slot) throws Exception {
        rig.config = PRIVATE;
        deploy(slot, "1");
        rig.config = RunRig.CONFIG;
        CloudRunTarget target = rig.target(slot);
        try (CutOff dead =
                new CutOff(journals, target, target.prepare(RunRig.candidate("2")), CloudRunEffects.OPEN, false)) {
            rig.config = PRIVATE;
            deploy(slot, "3");

            Outcome outcome = dead.resume();

            assertThat(rig.service("hello-" + slot.name().toLowerCase(java.util.Locale.ROOT))
                            .isPublic())
                    .isFalse();
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(
                            Expectation.isSuperseded(failed.reason()))
                    .as(failed.reason())
                    .isTrue());
        }
    }

    /** The traffic is as it was before the old run, so its mark alone shows that another run has come since. */
    @Test
    void anUndoDoesNotCloseTheServiceThatAnotherHasRolledBack() throws Exception {
        rig.config = PRIVATE;
        Deployed first = rig.live("1");
        rig.config = RunRig.CONFIG;
        CloudRunTarget target = rig.target(Slot.LIVE);
        try (CutOff dead =
                new CutOff(journals, target, target.prepare(RunRig.candidate("2")), CloudRunEffects.OPEN, true)) {
            rig.done(target, target.rollBack(rig.live("3"), first));
            assertThat(rig.service("hello-live").isPublic()).isTrue();

            assertThat(dead.undo().left()).isEmpty();

            assertThat(rig.service("hello-live").isPublic()).isTrue();
        }
    }
}
