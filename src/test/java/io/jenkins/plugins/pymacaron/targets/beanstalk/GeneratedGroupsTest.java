package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.targets.Candidate;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests which settings go over from one environment into the next, and the end of one that cannot be terminated. */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class GeneratedGroupsTest {
    private static final String BALANCER = BeanstalkService.LOAD_BALANCER_GROUPS;
    private static final String INSTANCES = BeanstalkService.INSTANCE_GROUPS;

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
    void ofTheGroupsTheUsersGoOverAndTheOldEnvironmentCanEnd() throws Exception {
        Deployed first = rig.deploy("1");
        Machine old = rig.machine(first.revision());
        rig.server.service.groups.own("sg-mine", "database clients");
        old.settings.put(INSTANCES, "sg-mine," + old.generated.get(INSTANCES));
        old.settings.put("aws:elbv2:loadbalancer|ManagedSecurityGroup", old.generated.get(BALANCER));
        old.draft.put("aws:ec2:vpc|VPCId", "vpc-of-a-draft");

        Deployed second = rig.deploy("22");

        Machine next = rig.machine(second.revision());
        assertThat(next.settings)
                .containsEntry(BALANCER, next.generated.get(BALANCER))
                .containsEntry(INSTANCES, "sg-mine," + next.generated.get(INSTANCES))
                .doesNotContainKeys("aws:elbv2:loadbalancer|ManagedSecurityGroup", "aws:ec2:vpc|VPCId");
        Deployed third = rig.deploy("333");
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        rig.drive.done(live, live.retire(third, 1));
        rig.gone(first.revision());
        assertThat(old.emptied).isFalse();
    }

    /** A draft is what Elastic Beanstalk could not deploy (API reference, ConfigurationSettingsDescription). */
    @Test
    void ofTwoSetsOfSettingsTheDeployedOneGoesOver() throws Exception {
        Machine old = rig.machine(rig.deploy("1").revision());
        old.settings.put("aws:autoscaling:trigger|UpperThreshold", "7000000");
        old.draft.put("aws:autoscaling:trigger|UpperThreshold", "8000000");

        Machine next = rig.machine(rig.deploy("22").revision());

        assertThat(next.settings).containsEntry("aws:autoscaling:trigger|UpperThreshold", "7000000");
    }

    /** This is the case of the default VPC, where the settings have the names of groups. */
    @Test
    void aNameOfTheUsersIsKeptBesideAGeneratedOne() throws Exception {
        Machine old = rig.machine(rig.deploy("1").revision());
        old.settings.put(INSTANCES, "mine,awseb-e-1-stack-AWSEBSecurityGroup-1A2B3C");

        Machine next = rig.machine(rig.deploy("22").revision());

        assertThat(next.settings).containsEntry(INSTANCES, "mine," + next.generated.get(INSTANCES));
    }

    @Test
    void theRestOfAFailedTerminationIsReportedAndNoRollbackLeadsToIt() throws Exception {
        Deployed first = rig.deploy("1");
        Deployed second = rig.deploy("22");
        Machine old = rig.machine(first.revision());
        String held = rig.machine(second.revision()).settings.put(BALANCER, old.generated.get(BALANCER));
        BeanstalkTarget live = rig.target(Slot.LIVE, "");
        assertThat(live.earlier()).hasSize(1);

        rig.awaitReady(old);
        rig.server.service.terminate(old);
        while (!old.emptied) {
            rig.server.service.live();
            Thread.onSpinWait();
        }

        assertThat(live.earlier()).isEmpty();
        assertThat(live.preflight())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains(first.revision() + " could not be terminated")
                .contains("DependencyViolation");
        assertThatThrownBy(() -> live.rollBack(second, first))
                .hasMessageContaining("the rest of a termination that failed")
                .hasMessageContaining("deploy version v1 again");

        rig.machine(second.revision()).settings.put(BALANCER, held);
        rig.drive.done(live, live.retire(second, 1));
        rig.gone(first.revision());
    }

    @Test
    void anImageWithoutACommitIsDeployed() throws Exception {
        Candidate c = Rig.candidate("1");
        BeanstalkTarget staging = rig.target(Slot.STAGING, "");

        Deployed made = rig.drive.done(
                staging, staging.prepare(new Candidate(c.deploymentId(), c.image(), c.version(), c.digest(), "")));

        assertThat(rig.machine(made.revision()).tags).doesNotContainKey(BeanstalkMetadata.COMMIT);
    }

    @Test
    void theOldNameOfARegionIsThatRegion() throws Exception {
        rig.server.service.buckets.make("bucket", "EU");

        assertThat(rig.target(Slot.LIVE, "").preflight()).isEmpty();
    }
}
