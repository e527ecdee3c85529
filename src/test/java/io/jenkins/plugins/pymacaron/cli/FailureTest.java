package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import io.jenkins.plugins.pymacaron.report.StageSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests each failure, and the version that serves after it. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class FailureTest {
    private static final String STAGING = Service.NAME + "-staging";
    private static final String LIVE = Service.NAME + "-live";

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
    }

    private Service.Ended run(int expected, String... arguments) {
        Service.Ended ended = service.run(arguments);
        assertThat(ended.code()).as(ended.output()).isEqualTo(expected);
        return ended;
    }

    private StageState state(String stage) throws Exception {
        return service.summary().stages().stream()
                .filter(s -> s.key().equals(stage))
                .map(StageSummary::state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void testsThatFailLeaveWhatServes() throws Exception {
        run(0, "--no-test", "--no-push");

        service.content("two").at("unit", "exit 1").commit("unit tests fail");
        Service.Ended ended = run(4);

        assertThat(ended.output()).contains("FAILED Unit tests", "1 of 1 tests failed: test_gate");
        assertThat(ended.output()).doesNotContain("== Build image");
        assertThat(state("unit")).isEqualTo(StageState.FAILED);
        assertThat(state("build")).isEqualTo(StageState.SKIPPED);

        service.at("unit", "exit 0").at("dev", "exit 1").commit("the image fails");
        ended = run(4, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("FAILED Accept image").doesNotContain("== Deploy staging");
        assertThat(Service.underTest()).isEmpty();
        assertThat(service.lastRun().resolve("report/container.log")).content().contains("gunicorn");

        ended = run(4, "--no-unittest");

        assertThat(ended.output())
                .contains("FAILED Accept image")
                .containsPattern("Push image (was done|ended) early, .*Accept image did not pass")
                .doesNotContain("FAILED Push image")
                .contains(service.summary().version() + " may be in the registry, since it was pushed while it was")
                .doesNotContain("== Deploy staging");
        assertThat(state("push")).isEqualTo(StageState.INTERRUPTED);
        service.write("pym-config.yaml", Service.config() + "overlap: false\n").commit("one after the other");
        ended = run(4, "--no-unittest");

        assertThat(ended.output()).contains("FAILED Accept image").doesNotContain("Push image");
        assertThat(state("push")).isEqualTo(StageState.SKIPPED);

        service.at("dev", "exit 0").at(STAGING, "exit 1").commit("staging fails");
        ended = run(4, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("FAILED Accept staging").doesNotContain("== Promote");
        assertThat(state("staging")).isEqualTo(StageState.ROLLED_BACK);
        assertThat(Service.staging()).isEqualTo("one");
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");

        service.at(STAGING, "exit 0").at(LIVE, "exit 1").commit("live fails");
        ended = run(7, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("FAILED Accept live", "ok Roll back", "serves again at");
        assertThat(service.summary().outcome()).isEqualTo(RunOutcome.ROLLED_BACK);
        assertThat(state("promote")).isEqualTo(StageState.ROLLED_BACK);
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        assertThat(Service.liveContainers()).hasSize(1);
    }

    /** A container has 64 MB of /dev/shm. */
    @Test
    void theDiskIsFullWhileBuilding() throws Exception {
        run(0, "--no-test", "--no-push");
        List<String> before = images();
        service.content("two")
                .write("Dockerfile.extra", "RUN dd if=/dev/zero of=/dev/shm/full bs=1M count=100\n")
                .commit("needs more than there is");

        Service.Ended ended = run(5, "--no-push", "--no-unittest");

        assertThat(ended.story())
                .anyMatch(line -> line.matches("Build failed: Build image: building the image failed: .*"
                        + "No space left on device. The disk is full. Free some space, for instance by docker builder"
                        + " prune and docker image prune. Do not use docker system prune: it deletes the versions that"
                        + " are kept for a rollback."));
        assertThat(state("build")).isEqualTo(StageState.FAILED);
        assertThat(service.summary().message()).contains("The disk is full");
        assertThat(images()).isEqualTo(before);
        assertThat(Service.underTest()).isEmpty();
        assertThat(Service.live()).isEqualTo("one");
    }

    private static int program(String... argv) throws Exception {
        return new ProcessBuilder(argv).start().waitFor();
    }

    private static List<String> images() throws Exception {
        return Service.docker().images().labelled(Map.of("io.jenkins.plugins.pymacaron.name", Service.NAME)).stream()
                .map(ImageFacts::id)
                .sorted()
                .toList();
    }

    @Test
    void theFirstDeploymentFailsOnLive() throws Exception {
        service.at(LIVE, "exit 1").commit("live fails");

        Service.Ended ended = run(6, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("the first deployment was withdrawn");
        assertThat(Service.liveContainers()).isEmpty();
        assertThat(Service.live()).isEqualTo("nothing");
    }

    @Test
    void theRollbackFailsToo() throws Exception {
        run(0, "--no-test", "--no-push");
        String old = Service.liveContainers().get(0).name();
        service.content("two")
                .at(LIVE, "docker rm -f " + old + " && exit 1")
                .commit("live fails, and the old one is gone");

        Service.Ended ended = run(8, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("the rollback failed", "container " + old, "is gone");
        assertThat(ended.output())
                .contains("still serves in docker/" + Service.NAME + "/live, not ", "by hand:")
                .contains("docker ps --all --filter label=io.jenkins.plugins.pymacaron.environment=");
        assertThat(service.summary().outcome()).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(Service.live()).as("rather the bad one than none").isEqualTo("two");
    }

    /** A user has stopped live by hand: there was a live before, and it is known which. */
    @Test
    void aLiveThatWasStopped() throws Exception {
        run(0, "--no-test", "--no-push");
        ContainerFacts one = Service.liveContainers().get(0);
        String version = service.summary().version();
        Service.docker().containers().stop(one.id(), Duration.ofSeconds(20));
        service.content("two").at(LIVE, "exit 1").commit("live fails");
        String kept = "nothing serves now; " + version + ", which did last, is kept for a rollback";

        assertThat(run(0, "--plan", "--no-push").output()).contains("docker/" + Service.NAME + "/live, where " + kept);
        assertThat(run(3, "--rollback").output()).contains("nothing is live", "; --deploy " + version + " has the one");
        Service.Ended ended = run(7, "--no-push", "--no-unittest");

        assertThat(ended.output())
                .contains("warning: docker/" + Service.NAME + "/live: " + kept, "where nothing served any more")
                .contains(version + " serves again at ");
        assertThat(Service.live()).isEqualTo("one");
        assertThat(Service.liveContainers()).singleElement().satisfies(c -> assertThat(c.id())
                .isEqualTo(one.id()));

        Service.docker().containers().stop(one.id(), Duration.ofSeconds(20));
        service.git("checkout", "--quiet", "HEAD~1");
        ended = run(0, "--no-push", "--no-unittest");

        assertThat(ended.output()).as("the same again").doesNotContain("create container");
        assertThat(Service.liveContainers()).singleElement().satisfies(c -> {
            assertThat(c.id()).isEqualTo(one.id());
            assertThat(c.running()).isTrue();
        });
    }

    /** A paused container holds its port as a running one does. */
    @Test
    void aLiveThatIsPaused() throws Exception {
        run(0, "--no-test", "--no-push");
        assertThat(program("docker", "pause", Service.liveContainers().get(0).name()))
                .isZero();
        service.content("two").commit("second");

        run(0, "--no-test", "--no-push");

        assertThat(Service.live()).isEqualTo("two");
        assertThat(Service.liveContainers())
                .extracting(facts -> facts.state().status())
                .containsExactly("running", "exited");
    }

    /**
     * The rollback goes to the version that was live before, and not to the one that was made before: that one was
     * rolled back, usually for a reason.
     */
    @Test
    void aVersionThatWasRolledBackIsNotTheOneOfARollback() throws Exception {
        run(0, "--no-test", "--no-push");
        service.content("two").commit("second");
        run(0, "--no-test", "--no-push");
        run(0, "--rollback");
        service.content("three").commit("third");
        run(0, "--no-test", "--no-push");

        run(0, "--rollback");

        assertThat(Service.live()).isEqualTo("one");
    }

    /** An unchanged live that cannot be proven is left as it is: it serves all the same. */
    @Test
    void anUnchangedLiveIsNotStopped() throws Exception {
        run(0, "--no-test", "--no-push");
        service.at(LIVE, "exit 1").commit("live fails");

        Service.Ended ended = run(4, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("live was not changed by this run");
        assertThat(Service.live()).isEqualTo("one");
    }

    @Test
    void regionsGoAndComeBackTogether() throws Exception {
        int other = FreePorts.next();
        String regions = Service.config() + "live:\n  - {}\n  - live_url: http://127.0.0.1:" + other + "\n";
        service.write("pym-config.yaml", regions).commit("two regions");
        run(0, "--no-test", "--no-push");
        assertThat(List.of(Service.live(), Service.answer(other))).containsExactly("one", "one");

        service.content("two").at(LIVE, "exit 1").commit("live fails");
        Service.Ended ended = run(7, "--no-push", "--no-unittest");

        assertThat(ended.output()).contains("serves again at http://127.0.0.1:" + other);
        assertThat(List.of(Service.live(), Service.answer(other))).containsExactly("one", "one");
        assertThat(Service.running()).containsExactly("live serving", "live-2 serving", "staging serving");

        service.at(LIVE, "exit 0").commit("better");
        run(0, "--no-test", "--no-push");
        assertThat(List.of(Service.live(), Service.answer(other))).containsExactly("two", "two");
        run(0, "--rollback");
        assertThat(List.of(Service.live(), Service.answer(other))).containsExactly("one", "one");
    }
}
