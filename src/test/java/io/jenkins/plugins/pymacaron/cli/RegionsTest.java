package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkCloud;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Live in two regions of Elastic Beanstalk, as a server of the tests speaks it, with containers behind it. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class RegionsTest {
    private static final String CNAME = Service.NAME + "-live";
    private static final int AMERICA = FreePorts.next();

    @TempDir
    Path temporary;

    private Service service;
    private BeanstalkCloud cloud;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary);
        cloud = new BeanstalkCloud(Service.NAME + "-")
                .live("eu-west-1", CNAME, Service.LIVE)
                .live("us-east-1", CNAME, AMERICA);
        cloud.variables().forEach(service::with);
        service.write("pym-config.yaml", """
                name: %s
                deploy_target: beanstalk
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                aws_user: nobody
                aws_region: eu-west-1
                aws_keypair: pair
                aws_instance_type: t3.small
                aws_instance_profile: role
                aws_red_for: 2s
                aws_live_cname: %s
                live:
                  - aws_region: eu-west-1
                  - aws_region: us-east-1
                    live_url: http://127.0.0.1:%d
                env_secrets: [%s]
                """.formatted(
                                Service.NAME,
                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                RealDocker.base(),
                                Service.LIVE,
                                CNAME,
                                AMERICA,
                                Service.SECRET))
                .commit("to two regions");
    }

    @AfterEach
    void stop() throws Exception {
        cloud.close();
    }

    @Test
    void regionsArePromotedTogetherAndAFailureInTheSecondIsRolledBackInBoth() throws Exception {
        Service.Ended first = service.run("--no-test");
        assertThat(first.code()).as(first.output()).isZero();
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.answer(AMERICA)).isEqualTo("one");
        assertThat(cloud.cnames("us-east-1")).containsExactly(CNAME);

        service.content("two").commit("Red in America once Europe serves it");
        List<String> good = cloud.names("us-east-1");
        cloud.sick = name -> name.startsWith("us-east-1-")
                && !good.contains(name.substring("us-east-1-".length()))
                && cloud.actions().contains("SwapEnvironmentCNAMEs");
        Service.Ended second = service.run("--no-test");

        assertThat(second.code()).as(second.output()).isEqualTo(6);
        assertThat(second.output()).contains("FAILED Promote to live", "is Red");
        assertThat(service.summary().outcome()).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.answer(AMERICA)).isEqualTo("one");
        assertThat(cloud.cnames("us-east-1")).as("its candidate is gone").containsExactly(CNAME);
        assertThat(cloud.cnames("eu-west-1")).containsExactly(CNAME);
        assertThat(cloud.tags("us-east-1", Service.NAME))
                .as("no lease is left, only who changed live last")
                .containsOnlyKeys("pymacaron:live-mark:" + Service.NAME + "-live");
    }
}
