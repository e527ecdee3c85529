package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests several configurations of one service name on one engine. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class NeighboursOfOneNameTest {
    private static final int QA_LIVE = FreePorts.next();
    private static final int QA_STAGING = FreePorts.next();
    private static final int ELSEWHERE = FreePorts.next();

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary);
    }

    private Service.Ended deploy(String... arguments) {
        String[] all = Stream.concat(Stream.of("--no-test", "--no-push"), Stream.of(arguments))
                .toArray(String[]::new);
        return service.run(all);
    }

    @Test
    void twoDeploymentsOfAnotherFileLeaveBothSlotsOfTheFirstAlone() throws Exception {
        service.write(
                        "pym-config.qa.yaml",
                        Service.config()
                                .replace(":" + Service.LIVE, ":" + QA_LIVE)
                                .replace(":" + Service.STAGING, ":" + QA_STAGING))
                .commit("qa beside prod");
        Service.Ended prod = deploy();
        assertThat(prod.code()).as(prod.output()).isZero();
        List<String> before = names();

        service.content("two").commit("two");
        Service.Ended first = deploy("--env", "qa");
        service.content("three").commit("three");
        Service.Ended second = deploy("--env", "qa");

        assertThat(first.code()).as(first.output()).isZero();
        assertThat(first.output()).contains("docker/" + Service.NAME + "@qa/live", "where nothing served before");
        assertThat(second.code()).as(second.output()).isZero();
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.staging()).isEqualTo("one");
        assertThat(Service.answer(QA_LIVE)).isEqualTo("three");
        assertThat(Service.answer(QA_STAGING)).isEqualTo("three");
        assertThat(names()).containsAll(before);
    }

    @Test
    void aVersionAtAnAddressThatIsNoLongerNamedServesOnUntilACleanUp() throws Exception {
        assertThat(deploy().code()).isZero();
        service.content("two")
                .write("pym-config.yaml", Service.config().replace(":" + Service.LIVE, ":" + ELSEWHERE))
                .commit("to another port");

        Service.Ended moved = deploy();

        assertThat(moved.code()).as(moved.output()).isZero();
        assertThat(moved.output()).contains("127.0.0.1:" + Service.LIVE + ", which this configuration does not name");
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.answer(ELSEWHERE)).isEqualTo("two");
        assertThat(service.run("--plan").output())
                .contains("127.0.0.1:" + Service.LIVE + ", which this configuration does not name");

        Service.Ended cleaned = service.run("--cleanup");

        assertThat(cleaned.code()).as(cleaned.output()).isZero();
        assertThat(Service.live()).isEqualTo("nothing");
        assertThat(Service.answer(ELSEWHERE)).isEqualTo("two");
        assertThat(Service.liveContainers()).as("it is kept").hasSize(2);
    }

    @Test
    void aDeploymentEndsWhatIsNoLongerNamedWhereTheConfigurationSaysSo() throws Exception {
        assertThat(deploy().code()).isZero();
        service.content("two")
                .write(
                        "pym-config.yaml",
                        Service.config().replace(":" + Service.LIVE, ":" + ELSEWHERE) + "retention:\n  removed: end\n")
                .commit("to another port at once");

        Service.Ended moved = deploy();

        assertThat(moved.code()).as(moved.output()).isZero();
        assertThat(Service.live()).isEqualTo("nothing");
        assertThat(Service.answer(ELSEWHERE)).isEqualTo("two");
    }

    private static List<String> names() throws Exception {
        return Service.containersOf("docker/" + Service.NAME + "/").stream()
                .filter(ContainerFacts::running)
                .map(ContainerFacts::name)
                .toList();
    }
}
