package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The project's own disk, where runs keep their state and their journals, is small and full at some moment. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class FullDiskTest {
    private static final String LIVE = Service.NAME + "-live";

    @TempDir
    Path temporary;

    private Service service;
    private Path small;

    @BeforeEach
    void deployTheFirstVersion() throws Exception {
        service = Service.in(temporary);
        Service.Ended first = service.run("--no-test", "--no-push");
        assertThat(first.code()).as(first.output()).isZero();
        small = Files.createDirectories(service.directory().resolve(".pym/runs"));
        assumeTrue(program("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString()) == 0, "not root");
    }

    @AfterEach
    void removeTheDisk() throws Exception {
        program("umount", "-l", small.toString());
    }

    private static int program(String... argv) throws Exception {
        return new ProcessBuilder(argv).start().waitFor();
    }

    /** Once: the tests of a run that goes on are the same again. */
    private String fill() {
        Path filled = temporary.resolve("filled");
        return "[ -e " + filled + " ] || { touch " + filled + "; cat /dev/zero >" + small
                + "/fill 2>/dev/null; }; true";
    }

    private Service.Ended run(int expected, String... arguments) {
        Service.Ended ended = service.run(arguments);
        assertThat(ended.code()).as(ended.output()).isEqualTo(expected);
        return ended;
    }

    @Test
    void beforeAnythingIsDeployed() throws Exception {
        service.content("two").at("dev", fill()).commit("fills the disk");

        Service.Ended ended = run(6, "--no-push", "--no-unittest");

        assertThat(ended.output())
                .contains("No space left on device", "the disk is full", "Free some space")
                .doesNotContain("\tat io.jenkins");
        assertThat(ended.output()).containsOnlyOnce("cannot be written: ");
        assertThat(Service.underTest()).isEmpty();
        assertThat(run(3, "--no-push", "--no-unittest").output()).contains("the disk is full (", "Free some space");
        Files.delete(small.resolve("fill"));
        service.at("dev", "exit 0").commit("better");
        run(0, "--no-push", "--no-test");
        assertThat(Service.live()).isEqualTo("two");
    }

    /**
     * Live was promoted, and neither its acceptance nor later stages can be written down. The exit code is true: it
     * does not claim that the version before still serves. And a rollback is possible.
     */
    @ParameterizedTest
    @CsvSource({"--resume, two", "--cleanup, one"})
    void whileTheLiveThatWasPromotedIsAccepted(String how, String serves) throws Exception {
        service.content("two").at(LIVE, fill()).commit("fills the disk when it is live");

        Service.Ended ended = run(8, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("Accept live is done, but that cannot be written down: the disk is full");
        assertClaimHolds(ended);
        assertThat(Service.live()).as("accepted, so it stays").isEqualTo("two");

        goOn(how, serves);
    }

    /** Between the two containers of live: nothing is changed that cannot be written down before. */
    @ParameterizedTest
    @CsvSource({"before, start -- pym-NAME-live", "after, stop -t 40 -- pym-NAME-live"})
    void whileLiveChanges(String when, String call) throws Exception {
        service.content("two").commit("second");
        fillAtCall(when, call.replace("NAME", Service.NAME));

        Service.Ended ended = service.runChild("--no-push", "--no-test");

        assertThat(small.resolve("fill")).as(ended.output()).exists();
        assertThat(ended.code()).as(ended.output()).isIn(6, 8);
        assertThat(ended.output()).contains("the disk is full").doesNotContain("\tat io.jenkins");
        assertClaimHolds(ended);

        goOn("--resume", "two");
    }

    @EnabledIfSystemProperty(named = "pym.full", matches = "true", disabledReason = "a case of bin/verify --full")
    @Test
    void whileBothVersionsOfLiveRun() throws Exception {
        whileLiveChanges("after", "start -- pym-NAME-live");
    }

    /** The claim of the exit code matches the version that answers. */
    private static void assertClaimHolds(Service.Ended ended) throws Exception {
        String now = Service.live();
        if (ended.code() == 6) {
            assertThat(now).as(ended.output()).isEqualTo("one");
        } else {
            assertThat(ended.output()).contains("in docker/" + Service.NAME + "/live");
            String version = now.equals("nothing") ? "nothing" : Service.version(Service.LIVE);
            assertThat(ended.output())
                    .containsPattern(version + "[a-z ]* serves? in docker/" + Service.NAME + "/live|" + version
                            + " is what serves in docker/" + Service.NAME + "/live");
        }
    }

    private void goOn(String how, String serves) throws Exception {
        Files.delete(small.resolve("fill"));
        service.environment().put("PATH", System.getenv("PATH"));
        Service.Ended ended = service.run(how);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(Service.live()).as(ended.output()).isEqualTo(serves);
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(service.run("--cleanup").output()).contains("There is nothing to clean up");
    }

    private void fillAtCall(String when, String call) throws Exception {
        Path bin = Files.createDirectories(temporary.resolve("filling"));
        Path docker = bin.resolve("docker");
        String real = Service.onPath("docker").toString();
        Files.writeString(docker, """
                #!/bin/sh
                case " $* " in
                *-rehearsal*) ;;
                *" CALL"*) hit=yes ;;
                esac
                [ "$hit" != yes ] || [ WHEN = after ] || { FILL; }
                REAL "$@"
                code=$?
                [ "$hit" != yes ] || [ WHEN = before ] || { FILL; }
                exit $code
                """.replace("CALL", call)
                .replace("WHEN", when)
                .replace("FILL", fill())
                .replace("REAL", real));
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        service.with("PATH", bin + ":" + System.getenv("PATH"));
    }
}
