package io.jenkins.plugins.pymacaron.targets.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.cloud.CutOff;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is cut off while it drops its candidate, and goes on after another run has deployed the same commit. */
class CloudRunDropTest {
    @TempDir
    private Path directory;

    @TempDir
    private Path journals;

    private RunRig rig;
    private CloudRunTarget target;
    private Deployed dropped;

    @BeforeEach
    void prepareACandidate() throws Exception {
        rig = new RunRig(directory);
        rig.live("1");
        target = rig.target(Slot.LIVE);
        dropped = rig.done(target, target.prepare(RunRig.candidate("2")));
    }

    @AfterEach
    void end() {
        assertThat(rig.server.wire.troubles).isEmpty();
        rig.close();
    }

    /** Returns the drop, cut off before that effect. */
    private CutOff drop(String effect) throws Exception {
        return new CutOff(journals, target, target.withdraw(dropped), effect, false);
    }

    @Test
    void theCandidateOfAnotherRunKeepsItsTag() throws Exception {
        try (CutOff drop = drop(CloudRunEffects.UNTAG)) {
            Deployed others = rig.done(target, target.prepare(RunRig.candidate("2")));

            assertThat(drop.resume()).isInstanceOf(Outcome.Done.class);

            assertThat(target.apart(others)).isPresent();
            assertThat(rig.service("hello-live").revisions).containsKey(others.revision());
        }
    }

    /** Another candidate has come in between: the latest revision of a service is never deleted. */
    @Test
    void theCandidateOfAnotherRunKeepsItsRevision() throws Exception {
        rig.done(target, target.prepare(RunRig.candidate("3")));
        try (CutOff drop = drop(CloudRunEffects.DELETE_REVISION)) {
            Deployed others = rig.done(target, target.prepare(RunRig.candidate("2")));

            assertThat(drop.resume()).isInstanceOf(Outcome.Done.class);

            assertThat(target.apart(others)).isPresent();
            assertThat(rig.service("hello-live").revisions).containsKey(others.revision());
        }
    }

    @Test
    void aVersionThatHasServedSinceStaysForARollback() throws Exception {
        try (CutOff drop = drop(CloudRunEffects.DELETE_REVISION)) {
            Deployed served = rig.live("2");
            rig.live("3");

            assertThat(drop.resume()).isInstanceOf(Outcome.Done.class);

            assertThat(rig.target(Slot.LIVE).earlier())
                    .extracting(Deployed::revision)
                    .contains(served.revision());
        }
    }

    @Test
    void theTagOfACandidateThatNoOtherRunHasIsRemoved() throws Exception {
        try (CutOff drop = drop(CloudRunEffects.UNTAG)) {
            assertThat(drop.resume()).isInstanceOf(Outcome.Done.class);

            rig.idle();
            assertThat(target.apart(dropped)).isEmpty();
        }
    }

    @Test
    void theRevisionOfACandidateThatNoOtherRunHasIsDeleted() throws Exception {
        rig.done(target, target.prepare(RunRig.candidate("3")));
        try (CutOff drop = drop(CloudRunEffects.DELETE_REVISION)) {
            assertThat(drop.resume()).isInstanceOf(Outcome.Done.class);

            rig.idle();
            assertThat(rig.service("hello-live").revisions).doesNotContainKey(dropped.revision());
        }
    }
}
