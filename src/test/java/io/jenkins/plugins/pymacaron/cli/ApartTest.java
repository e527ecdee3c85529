package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.report.Counts;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import io.jenkins.plugins.pymacaron.targets.cloud.ContainerHosts;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleCredential;
import io.jenkins.plugins.pymacaron.targets.cloudrun.RunServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.GoogleServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.KubeServer;
import io.jenkins.plugins.pymacaron.targets.gke.wire.Wires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A candidate for live on a cloud is accepted by itself, before any user reaches it. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_BASE", matches = ".+")
@NeedsEngine
class ApartTest {
    private static final String LIVE = Service.NAME + "-live";
    private static final String AT_LIVE = "test \"$PYM_SERVER_PORT\" = " + Service.LIVE;

    @TempDir
    Path temporary;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-run", "gke"})
    void aCandidateThatFailsByItselfGetsNoTraffic(String target) throws Exception {
        Service service = live(target).at(LIVE, AT_LIVE).content("two").commit("second");

        Service.Ended ended = service.run("--no-unittest");

        assertThat(ended.code()).as(ended.output()).isEqualTo(ExitCode.TESTS_FAILED.code());
        assertThat(ended.story())
                .filteredOn(line -> line.startsWith("FAILED Promote to live"))
                .singleElement(STRING)
                .contains("1 of 2 tests failed: test_gate")
                .contains(" gets no traffic of " + target + "/" + Service.NAME + "/live");
        assertThat(ended.output()).doesNotContain("send the traffic").doesNotContain("Roll back");
        assertThat(Service.live()).isEqualTo("one");
        assertThat(tested(service, "promote").bad()).isOne();

        service.at(LIVE, "true").commit("mended");
        ended = service.run("--no-unittest");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(Service.live()).isEqualTo("two");
        assertThat(tested(service, "promote").passed())
                .as("once, and once at each step")
                .isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud-run", "gke"})
    void aVersionThatFailsOnLiveAloneIsRolledBack(String target) throws Exception {
        Service service = live(target).at(LIVE, "! " + AT_LIVE).content("two").commit("second");

        Service.Ended ended = service.run("--no-unittest");

        assertThat(ended.code()).as(ended.output()).isEqualTo(ExitCode.ROLLED_BACK.code());
        assertThat(Service.live()).isEqualTo("one");
        assertThat(tested(service, "promote").bad()).isZero();
        assertThat(tested(service, "live").bad()).isOne();
    }

    /** The first run of the tests is before any traffic, the second at the step of the canary. */
    @Test
    void aCandidateThatFailsAtAStepOfTheCanaryLosesItsTraffic() throws Exception {
        Path runs = temporary.toRealPath().resolve("runs");
        Service service = live("cloud-run")
                .at(LIVE, "echo run >> '" + runs + "'; test $(wc -l < '" + runs + "') -lt 2")
                .content("two")
                .commit("second");

        Service.Ended ended = service.run("--no-unittest");

        assertThat(ended.code()).as(ended.output()).isEqualTo(ExitCode.TESTS_FAILED.code());
        assertThat(ended.story())
                .filteredOn(line -> line.startsWith("FAILED Promote to live"))
                .singleElement(STRING)
                .contains("1 of 2 tests failed: test_gate");
        assertThat(ended.output()).contains("50 %, " + LIVE);
        assertThat(runs).content().hasLineCount(2);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(tested(service, "promote").bad()).isOne();
    }

    @Test
    void aRunThatIsResumedAcceptsFirst() throws Exception {
        Service service = live("cloud-run").content("two").commit("second");
        service.with("E2E_WAIT_AT", LIVE);
        try (Child child = service.start("--no-unittest")) {
            child.atGate().kill();
        }
        service.environment().remove("E2E_WAIT_AT");
        assertThat(Service.live()).isEqualTo("one");

        Service.Ended ended = service.run("--resume");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(Service.live()).isEqualTo("two");
        assertThat(tested(service, "promote").passed())
                .as("once, and once at each step")
                .isGreaterThanOrEqualTo(2);
    }

    /** Killed at the step, between the second run of the tests and what it says. */
    @Test
    void aRunThatIsResumedAtAStepOfTheCanaryTestsItAgain() throws Exception {
        Path runs = temporary.toRealPath().resolve("runs");
        String at = """
                echo run >> '%s'
                case $(wc -l < '%<s') in
                  1) ;;
                  2)
                    touch "$E2E_GATE.reached"
                    for i in $(seq 1 36000); do [ -e "$E2E_GATE.open" ] && break; sleep 0.05; done ;;
                  *) exit 1 ;;
                esac""".formatted(runs);
        Service service = live("cloud-run").at(LIVE, at).content("two").commit("second");
        try (Child child = service.start("--no-unittest")) {
            child.atGate().kill();
            child.openGate();
        }

        Service.Ended ended = service.run("--resume");

        assertThat(ended.code()).as(ended.output()).isEqualTo(ExitCode.TESTS_FAILED.code());
        assertThat(runs).content().hasLineCount(3);
        assertThat(Service.live()).isEqualTo("one");
    }

    /** This includes secrets that are not its own: live may have been told those of staging. */
    @Test
    void theLogOfACandidateIsInTheReportWithoutSecrets() throws Exception {
        Service service = live("cloud-run");
        String config = Files.readString(service.directory().resolve("pym-config.yaml"));
        service.with("E2E_OTHER", "known to staging alone")
                .write("pym-config.yaml", config + "staging: {env_secrets: [E2E_OTHER]}\n")
                .write(
                        "server.py",
                        "print('it is', 'known to ' + 'staging alone', flush=True)\n" + Service.server("two"))
                .at(LIVE, AT_LIVE)
                .commit("second");

        Service.Ended ended = service.run("--no-unittest");

        assertThat(ended.code()).as(ended.output()).isEqualTo(ExitCode.TESTS_FAILED.code());
        String report = Files.readString(service.lastRun().resolve("report/report.html"));
        assertThat(report).doesNotContain("known to staging alone");
        int promotion = report.indexOf("id=\"tests-promote\"");
        assertThat(report.substring(promotion, report.indexOf("</section>", promotion)))
                .as("with what it logged")
                .contains("it is ****");
    }

    @Test
    void aCandidateThatFailedIsKeptWhereThatIsAskedFor() throws Exception {
        Service service = live("cloud-run");
        String config = Files.readString(service.directory().resolve("pym-config.yaml"));
        service.write("pym-config.yaml", config + "retention: {keep_failed: true}\n")
                .at(LIVE, AT_LIVE)
                .content("two")
                .commit("second");

        Service.Ended ended = service.run("--no-unittest");

        assertThat(ended.code()).as(ended.output()).isEqualTo(ExitCode.TESTS_FAILED.code());
        assertThat(ended.output()).doesNotContain("remove tag");
        assertThat(Service.live()).isEqualTo("one");
    }

    private static Counts tested(Service service, String stage) throws Exception {
        return service.summary().stages().stream()
                .filter(s -> s.key().equals(stage))
                .findFirst()
                .flatMap(StageSummary::counts)
                .orElseThrow();
    }

    /** Version one is live there. */
    private Service live(String target) throws Exception {
        Service service = Service.in(temporary);
        String more = target.equals("gke") ? gke(service) : cloudRun(service);
        service.write(
                "pym-config.yaml",
                """
                name: %s
                deploy_target: %s
                docker_repo: demo
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                env_secrets: [%s]
                """.formatted(
                                        Service.NAME,
                                        target,
                                        RealDocker.variable("PYM_TEST_REGISTRY"),
                                        RealDocker.base(),
                                        Service.LIVE,
                                        Service.SECRET)
                        + more);
        service.commit("to " + target);
        Service.Ended ended = service.run("--no-test");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(Service.live()).isEqualTo("one");
        return service;
    }

    private String cloudRun(Service service) throws Exception {
        ContainerHosts hosts = opened(new ContainerHosts(Service.NAME + "-"));
        int api = FreePorts.next();
        RunServer server = opened(new RunServer(api, hosts, Map.of(LIVE, Service.LIVE)));
        service.with(GoogleCredential.KEY, server.key())
                .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", "http://127.0.0.1:" + api)
                .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING", "http://127.0.0.1:" + api);
        return "gcp_project: my-project\ncanary: [50]\n";
    }

    private String gke(Service service) throws Exception {
        ContainerHosts hosts = opened(new ContainerHosts(Service.NAME + "-pod-"));
        KubeServer kube = opened(new KubeServer(
                hosts,
                image -> true,
                4000,
                Map.of(LIVE + "-ingress", Service.LIVE, Service.NAME + "-staging-ingress", Service.STAGING)));
        GoogleServer google = opened(new GoogleServer(kube));
        Wires.clusters(google, kube, Service.NAME);
        service.with(GoogleCredential.KEY, google.key()).with("PYM_GKE_ENDPOINT", google.url());
        return "gke_probe_delay: 1s\ngke_pre_stop: 1s\nstaging: {live_url: 'http://127.0.0.1:" + Service.STAGING
                + "'}\n";
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }
}
