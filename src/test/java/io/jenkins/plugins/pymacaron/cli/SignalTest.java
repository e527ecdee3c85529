package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM: nothing half-made is left, and what served before serves. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class SignalTest {
    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void deployTheFirstVersion() throws Exception {
        service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.content("two").commit("second");
    }

    private Service.Ended stop(String signal, int code) throws Exception {
        try (Child child = service.start("--no-push", "--no-unittest")) {
            child.atGate().signal(signal);
            child.awaitOutput("Interrupted").openGate();
            Service.Ended ended = child.await();
            assertThat(ended.code()).as(ended.output()).isEqualTo(code);
            return ended;
        }
    }

    private void theFirstVersionServes() throws Exception {
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(Service.liveContainers()).hasSize(1);
        assertThat(Service.underTest()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143, dev", "INT, 130, NAME-staging", "TERM, 143, NAME-live"})
    void inAnAcceptance(String signal, int code, String stage) throws Exception {
        service.with("E2E_WAIT_AT", stage.replace("NAME", Service.NAME));

        Service.Ended ended = stop(signal, code);

        assertThat(ended.output()).contains("Interrupted: interrupted; unfinished changes have been undone");
        theFirstVersionServes();
        assertThat(service.run("--cleanup").output()).contains("There is nothing to clean up.");
        if (!stage.endsWith("live")) {
            assertThat(Service.staging()).isEqualTo("one");
        }
    }

    @Test
    void whileItIsPromoted() throws Exception {
        service.holdDockerAt("before", "stop -t 40 -- pym-" + Service.NAME + "-live");

        try (Child child = service.start("--no-push", "--no-unittest")) {
            child.atGate().signal("TERM");
            Service.Ended ended = child.await();
            assertThat(ended.code()).as(ended.output()).isEqualTo(143);
        }
        theFirstVersionServes();
    }

    /** A user who interrupts wants nothing half-made, and half a rollback is the worst of all. */
    @Test
    void duringTheRollback() throws Exception {
        String old = Service.liveContainers().get(0).name();
        service.at(Service.NAME + "-live", "exit 1").commit("live fails").holdDockerAt("before", "start -- " + old);

        try (Child child = service.start("--no-push", "--no-unittest")) {
            child.atGate().signal("TERM");
            child.openGate();
            Service.Ended ended = child.await();
            assertThat(ended.code()).as(ended.output()).isEqualTo(143);
            assertThat(ended.output()).contains("ok Roll back");
        }
        theFirstVersionServes();
    }

    @Test
    void twoAtOnce() throws Exception {
        service.with("E2E_WAIT_AT", "dev");
        try (Child first = service.start("--no-push", "--no-unittest", "--no-deploy")) {
            first.atGate();
            service.with("E2E_WAIT_AT", "");
            try (Child second = service.start("--no-push", "--no-test", "--no-deploy")) {
                second.awaitOutput("Waiting for pymdeploy (process " + first.pid() + "), which deploys since ");
                first.openGate();
                assertThat(first.await().code()).isZero();
                assertThat(second.await().code()).isZero();
            }
        }
    }
}
