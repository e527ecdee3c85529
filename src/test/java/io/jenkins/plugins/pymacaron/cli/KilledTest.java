package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} in the middle of a run, then {@code --resume} or {@code --cleanup}. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class KilledTest {
    private static final String LIVE = Service.NAME + "-live";
    private static final String[] QUICK = {"--no-push", "--no-unittest"};

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void deployTheFirstVersion() throws Exception {
        service = Service.in(temporary);
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.content("two").commit("second");
    }

    private void kill(String... arguments) throws Exception {
        try (Child child = service.start(arguments)) {
            child.atGate().kill();
        }
        assertThat(service.checkouts()).as("the checkout of the dead").anyMatch(Files::exists);
        service.environment().keySet().removeIf(name -> name.startsWith("E2E_") && !name.equals(Service.SECRET));
    }

    private void goOn(String how, int code) throws Exception {
        Service.Ended ended = service.run(how);
        assertThat(ended.code()).as(ended.output()).isEqualTo(code);
        assertThat(Service.running()).as(ended.output()).containsExactly("live serving", "staging serving");
        assertThat(Service.underTest()).isEmpty();
        assertThat(service.checkouts()).noneMatch(Files::exists);
        assertThat(service.run(how).output()).contains("There is nothing to");
    }

    @ParameterizedTest
    @CsvSource({
        // while the image is built
        "before, build -, --resume, two, two",
        // the new staging container exists and does not run
        "before, start -- pym-NAME-staging, --cleanup, one, one",
        // The old one has ended, and this is not written down.
        "after, stop -t 40 -- pym-NAME-live, --resume, two, two",
    })
    void atACallOfDocker(String when, String call, String how, String staging, String live) throws Exception {
        if (call.startsWith("build")) {
            // No other test has built this, so that there is nothing to reuse.
            service.write("fresh.txt", Long.toString(System.nanoTime())).commit("fresh");
        }
        // A container's name ends with its version, so that the call holds the beginning of a word.
        service.holdDockerAt(when, call.replace("NAME", Service.NAME));

        kill("--no-push", "--no-test");
        goOn(how, 0);

        assertThat(Service.staging()).isEqualTo(staging);
        assertThat(Service.live()).isEqualTo(live);
    }

    @EnabledIfSystemProperty(named = "pym.full", matches = "true", disabledReason = "a case of bin/verify --full")
    @ParameterizedTest
    @CsvSource({
        // both versions of staging run
        "before, stop -t 40 -- pym-NAME-staging, --resume, two, two",
        // both versions of live run; staging is done
        "before, stop -t 40 -- pym-NAME-live, --cleanup, two, one",
    })
    void atAnotherCallOfDocker(String when, String call, String how, String staging, String live) throws Exception {
        atACallOfDocker(when, call, how, staging, live);
    }

    @Test
    void beforeLiveIsAccepted() throws Exception {
        service.with("E2E_WAIT_AT", LIVE);
        kill(QUICK);
        assertThat(Service.live()).isEqualTo("two");

        goOn("--resume", 0);

        assertThat(Service.live()).isEqualTo("two");
        assertThat(service.summary().version()).isNotEmpty();
        assertThat(service.summary().deployments()).hasSize(2);

        service.content("three").commit("third").with("E2E_WAIT_AT", LIVE);
        kill(QUICK);
        assertThat(Service.live()).isEqualTo("three");

        goOn("--cleanup", 0);

        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.staging()).as("staging was accepted").isEqualTo("three");
    }

    @Test
    void duringTheRollback() throws Exception {
        String old = Service.liveContainers().get(0).name();
        service.at(LIVE, "exit 1").commit("live fails").holdDockerAt("before", "start -- " + old);
        kill(QUICK);
        assertThat(Service.live()).isEqualTo("two");

        goOn("--resume", 7);

        assertThat(Service.live()).isEqualTo("one");

        service.holdDockerAt("before", "start -- " + old);
        kill(QUICK);
        goOn("--cleanup", 0);

        assertThat(Service.live()).isEqualTo("one");
    }

    @Test
    void duringARollback() throws Exception {
        String old = Service.liveContainers().get(0).name();
        assertThat(service.run("--no-test", "--no-push").code()).isZero();
        service.holdDockerAt("after", "start -- " + old);
        kill("--rollback");

        goOn("--cleanup", 0);

        assertThat(Service.live()).isEqualTo("two");

        service.holdDockerAt("after", "start -- " + old);
        kill("--rollback");
        goOn("--resume", 0);

        assertThat(Service.live()).isEqualTo("one");
    }

    @Test
    void aRunThatCannotBeResumedNowCanBeLater() throws Exception {
        service.with("E2E_WAIT_AT", Service.NAME + "-staging");
        kill(QUICK);
        String secret = service.environment().remove(Service.SECRET);

        assertThat(service.run("--resume")).satisfies(ended -> {
            assertThat(ended.code()).isEqualTo(3);
            assertThat(ended.output()).contains("env_secrets names " + Service.SECRET);
        });
        service.with(Service.SECRET, secret);
        // The next deployment would clean up too.
        service.content("three").commit("third");
        Service.Ended ended = service.run("--no-push", "--no-test");

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("was cut off; undoing what it left (--resume would have continued it)");
        assertThat(Service.live()).isEqualTo("three");
    }
}
