package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests other resources in the application, which must not be touched. */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class NeighboursTest {
    @TempDir
    private Path journals;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(journals);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void anEnvironmentOfAnotherMakerIsCopiedAndRolledBackToAndNeverTerminated() throws Exception {
        Machine legacy = rig.legacy();
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        rig.awaitReady(legacy);

        Deployed second = rig.deploy("22");

        assertThat(live.earlier()).extracting(Deployed::revision).containsExactly(legacy.name);
        assertThat(rig.server.service.owner("hello-live").orElseThrow().settings)
                .containsEntry("aws:ec2:vpc|VPCId", "vpc-1");
        Change retire = new Change(
                new BeanstalkDeleteOperation(),
                BeanstalkDeleteOperation.params(List.of(legacy.name), List.of(), "hello", "hello", "x", true),
                Map.of());
        assertThat(rig.drive.run(live, retire).toString()).contains("is not one of ours");
        rig.drive.done(live, live.retire(second, 0));
        assertThat(legacy.status).isEqualTo("Ready");
        rig.drive.done(live, live.rollBack(second, live.earlier().get(0)));
        assertThat(live.current().orElseThrow().version()).isEqualTo("v0");
    }

    /** This is the case of two files of {@code --env} with one name and one application. */
    @Test
    void theLiveOfAnotherConfigurationIsNeitherTakenNorEnded() throws Exception {
        Deployed earlier = rig.deploy("1", rig.otherLive());
        Deployed theirs = rig.deploy("22", rig.otherLive());
        rig.deploy("333");
        Deployed ours = rig.deploy("22");

        assertThat(ours.revision()).isNotEqualTo(theirs.revision());
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        assertThat(live.earlier()).extracting(Deployed::version).containsExactly("v333");
        rig.drive.done(live, live.retire(ours, 0));
        Change retire = new Change(
                new BeanstalkDeleteOperation(),
                BeanstalkDeleteOperation.params(
                        List.of(earlier.revision()), List.of(), "hello", "hello", rig.cname("hello-live"), true),
                Map.of());
        assertThat(rig.drive.run(live, retire).toString()).contains("is not one of ours");
        BeanstalkTarget other = rig.target(Slot.LIVE, rig.otherLive());
        assertThat(other.current().orElseThrow().revision()).isEqualTo(theirs.revision());
        assertThat(other.earlier()).extracting(Deployed::revision).containsExactly(earlier.revision());
    }
}
