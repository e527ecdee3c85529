package io.jenkins.plugins.pymacaron.targets.beanstalk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests the network of an environment, and its other settings. */
@Timeout(20 * 60)
@Execution(ExecutionMode.CONCURRENT)
class NetworkTest {
    private static final String PLACED = """
            aws_vpc: vpc-0123abcd
            aws_subnets: [subnet-0123abcd, subnet-4567abcd]
            aws_elb_subnets: [subnet-89ababcd, subnet-cdefabcd]
            aws_elb_scheme: internal
            aws_public_instances: false
            aws_security_groups: [sg-0123abcd]
            aws_elb_security_groups: [sg-4567abcd]
            aws_options: {'aws:elbv2:loadbalancer': {IdleTimeout: 120}, 'aws:elbv2:listener:8443': {ListenerEnabled: true}}
            """;

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
    void theFirstEnvironmentStandsWhereTheConfigurationSaysAndTheNextOneBesideIt() throws Exception {
        rig.server.service.groups.own("sg-0123abcd", "clients of the database");
        rig.server.service.groups.own("sg-4567abcd", "of the office");
        assertThat(rig.target(Slot.LIVE, PLACED).preflight()).isEmpty();

        Deployed first = rig.deploy("1", PLACED);
        Deployed second = rig.deploy("22");

        for (Deployed made : new Deployed[] {first, second}) {
            Machine machine = rig.machine(made.revision());
            assertThat(machine.settings)
                    .containsEntry("aws:ec2:vpc|VPCId", "vpc-0123abcd")
                    .containsEntry("aws:ec2:vpc|Subnets", "subnet-0123abcd,subnet-4567abcd")
                    .containsEntry("aws:ec2:vpc|ELBSubnets", "subnet-89ababcd,subnet-cdefabcd")
                    .containsEntry("aws:ec2:vpc|ELBScheme", "internal")
                    .containsEntry("aws:ec2:vpc|AssociatePublicIpAddress", "false")
                    .containsEntry("aws:elbv2:loadbalancer|IdleTimeout", "120");
            assertThat(machine.settings.get(BeanstalkService.INSTANCE_GROUPS)).startsWith("sg-0123abcd,");
            assertThat(machine.settings.get(BeanstalkService.LOAD_BALANCER_GROUPS))
                    .startsWith("sg-4567abcd,");
        }
        assertThat(rig.machine(first.revision()).settings)
                .containsEntry("aws:elbv2:listener:8443|ListenerEnabled", "true");
        assertThat(rig.drive.effects).anyMatch(e -> e.endsWith(", in vpc-0123abcd, with an internal load balancer"));
    }

    @Test
    void anotherVpcTakesNothingOfTheOldOneAlong() throws Exception {
        rig.server.service.groups.own("sg-0123abcd", "clients of the database");
        rig.deploy("1", PLACED);

        Deployed moved = rig.deploy("22", "aws_vpc: vpc-99999999\naws_subnets: [subnet-99999999]\n");

        Machine machine = rig.machine(moved.revision());
        assertThat(machine.settings)
                .containsEntry("aws:ec2:vpc|VPCId", "vpc-99999999")
                .containsEntry("aws:ec2:vpc|ELBSubnets", "subnet-99999999")
                .containsEntry(
                        BeanstalkService.INSTANCE_GROUPS, machine.generated.get(BeanstalkService.INSTANCE_GROUPS))
                .doesNotContainKey("aws:ec2:vpc|ELBScheme");
    }

    @Test
    void aSharedLoadBalancerOfALiveEnvironmentIsNotTakenOver() throws Exception {
        Machine live = rig.machine(rig.deploy("1").revision());
        live.settings.put("aws:elbv2:loadbalancer|SharedLoadBalancer", "arn:aws:elasticloadbalancing:shared");

        assertThat(rig.target(Slot.LIVE, "").preflight()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.message())
                    .startsWith("the live environment " + live.name
                            + " is behind a load balancer that several share; the next one gets its own");
        });
        assertThat(rig.machine(rig.deploy("22").revision()).settings)
                .doesNotContainKey("aws:elbv2:loadbalancer|SharedLoadBalancer");
    }

    @Test
    void optionsThatThePlatformHasNotAreNamedBeforeAnythingIsMade() throws Exception {
        String wrong = "aws_options: {'aws:elbv2:loadbalancer': {IdelTimeout: 1}, "
                + "'aws:elasticbeanstalk:command': {DeploymentPolicy: Sometimes}}\n";
        BeanstalkTarget target = rig.target(Slot.STAGING, wrong);

        assertThat(target.preflight())
                .extracting(Problem::message)
                .hasSize(2)
                .anyMatch(m -> m.equals("aws_options: namespace aws:elbv2:loadbalancer has no option IdelTimeout"))
                .anyMatch(m -> m.startsWith("aws_options: aws:elasticbeanstalk:command DeploymentPolicy is one of "));
        assertThat(((Outcome.Failed) rig.drive.run(target, target.prepare(Rig.candidate("1")))).reason())
                .as("as the service itself does")
                .contains("DeploymentPolicy");
    }

    @Test
    void keysThatBelongTogetherAreDemandedTogether() throws Exception {
        assertThat(rig.target(Slot.LIVE, "aws_vpc: vpc-0123abcd\naws_https_redirect: true\n")
                        .preflight())
                .extracting(Problem::message)
                .containsExactly(
                        "aws_vpc and aws_subnets go together",
                        "aws_https_redirect leads to https, and there is no certificate");
    }

    @Test
    void aRedirectIsInTheBundle() throws Exception {
        String more = "aws_cert_arn: arn:aws:acm:eu-west-1:123456789012:certificate/1234\n"
                + "live_url: https://hello.example.com\naws_https_redirect: true\n";
        BeanstalkPrepareParameters candidacy = BeanstalkPrepareParameters.read(
                rig.target(Slot.STAGING, more).prepare(Rig.candidate("1")).params());

        Map<String, String> files = new TreeMap<>();
        files.putAll(SourceBundle.of(new Bundle("dockerrun", candidacy.version().get("image"), "", true).bytes())
                .files());
        assertThat(candidacy.version()).containsEntry("redirects", "true");
        assertThat(files).containsOnlyKeys(".ebextensions/pymacaron-https-redirect.config", "Dockerrun.aws.json");
        assertThat(files.get(".ebextensions/pymacaron-https-redirect.config"))
                .contains("AWSEBV2LoadBalancerListener:", "Type: redirect", "StatusCode: \"HTTP_301\"");
    }
}
