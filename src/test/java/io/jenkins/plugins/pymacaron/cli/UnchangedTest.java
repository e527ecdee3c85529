package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An acceptance that an earlier run has passed is not repeated for the very same, and is repeated for anything else. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class UnchangedTest {
    private static final String ACCEPTED = "same image, tests, secrets and live: ";

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void deploy() throws Exception {
        service = Service.in(temporary);
        assertThat(output()).doesNotContain(ACCEPTED);
    }

    private String output(String... options) throws Exception {
        Service.Ended ended = service.run(options);
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.output();
    }

    /** Returns how many acceptances of an earlier run count: that of the image, and that of staging. */
    private static int reused(String output) {
        return output.split(ACCEPTED, -1).length - 1;
    }

    @Test
    void theSameIsNotAcceptedTwiceAndOnlyLiveIsTested() throws Exception {
        String again = output();

        assertThat(reused(again)).as(again).isEqualTo(2);
        assertThat(again).containsPattern("accepted by run 2[0-9-]+ at 2[0-9T:-]+Z, " + ACCEPTED + "2 tests: 2 passed");
        assertThat(reused(output("--test-again"))).isZero();
    }

    @Test
    void otherTestsAreRunThoughTheImageIsTheSame() throws Exception {
        service.at("dev", "exit 1").commit("a test that fails");

        Service.Ended ended = service.run();

        assertThat(ended.output()).contains("reused").contains("of 2 tests failed");
        assertThat(ended.code()).isEqualTo(ExitCode.TESTS_FAILED.code());
    }

    @Test
    void anotherSecretIsAnotherSubject() throws Exception {
        service.with(Service.SECRET, "another one");

        assertThat(reused(output())).isZero();
        assertThat(reused(output())).isEqualTo(2);
    }

    @Test
    void aRollbackEndsEachEarlierAcceptance() throws Exception {
        service.content("two").commit("second");
        output();
        assertThat(reused(output())).isEqualTo(2);
        String second = Service.version(Service.LIVE);
        output("--rollback");
        output("--rollback", second);
        assertThat(Service.live()).isEqualTo("two");

        assertThat(reused(output())).isZero();
    }
}
