package io.jenkins.plugins.pymacaron.pipeline.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.FakeTarget;
import io.jenkins.plugins.pymacaron.pipeline.FakeWorld;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that dies at each entry of its journals: before and after each effect, and before each change is settled.
 * Its remains on the disk and in the world are copied at that moment, and a later process goes on with it, or undoes
 * it. One region is prepared while staging is accepted, the other one by the promotion.
 */
class CrashTest {
    @TempDir
    static Path directory;

    private static FakeService service;

    /** Files that the thread of another region may rename at this moment; nothing reads them. */
    private static final Pattern HALF_WRITTEN = Pattern.compile(".*\\.(?:new|tmp)");

    private final List<Crash> crashes = new ArrayList<>();

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 2);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
        service.regions.get(0).alone = true;
    }

    /** The state when the process is gone. */
    private record Crash(String moment, Path left, List<FakeWorld> worlds) {
        void bringBack() {
            List<FakeTarget> targets = service.targets();
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).rollBackTo(worlds.get(i));
                targets.get(i).applied.clear();
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to);
            for (File file : Objects.requireNonNull(from.toFile().listFiles())) {
                if (file.isDirectory()) {
                    copy(file.toPath(), to.resolve(file.getName()));
                } else if (!HALF_WRITTEN.matcher(file.getName()).matches()) {
                    Files.copy(file.toPath(), to.resolve(file.getName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes through it once, without any crash, and keeps every moment at which there might have been one. */
    private FakeRun recorded(FakeRun run) throws Exception {
        for (FakeTarget target : service.targets()) {
            target.watcher = moment -> {
                FakeTarget.EFFECTS.writeLock().lock();
                try {
                    Path left = directory.resolve("crash-" + System.identityHashCode(this) + "-" + crashes.size());
                    copy(run.directory, left);
                    crashes.add(new Crash(
                            target.environment() + " " + moment,
                            left,
                            service.targets().stream().map(FakeTarget::moment).toList()));
                } finally {
                    FakeTarget.EFFECTS.writeLock().unlock();
                }
            };
        }
        run.deploy();
        service.targets().forEach(target -> target.watcher = moment -> {});
        assertThat(crashes).hasSizeGreaterThan(20);
        return run;
    }

    private static void assertAllServe(String staging, String live, String as) {
        assertThat(service.staging.answer()).as(as + ": staging").isEqualTo(staging);
        for (FakeTarget region : service.regions) {
            assertThat(region.answer()).as(as + ": " + region.environment()).isEqualTo(live);
        }
    }

    @Test
    void aRunThatIsResumedComesToTheSameEnd() throws Exception {
        FakeRun run = recorded(service.run());
        assertThat(run.outcome).isEqualTo(RunOutcome.SUCCEEDED);
        List<List<String>> versions =
                service.targets().stream().map(FakeTarget::versions).toList();

        for (Crash crash : crashes) {
            crash.bringBack();

            FakeRun resumed = run.foundAt(crash.left()).deploy();

            assertThat(resumed.outcome)
                    .as(crash.moment() + ": " + resumed.message)
                    .isEqualTo(RunOutcome.SUCCEEDED);
            assertAllServe("two", "two", crash.moment());
            for (int i = 0; i < versions.size(); i++) {
                assertThat(service.targets().get(i).versions())
                        .as(crash.moment())
                        .containsExactlyInAnyOrderElementsOf(versions.get(i));
            }
        }
    }

    @Test
    void aRunThatIsCleanedUpLeavesNothingHalfMade() throws Exception {
        FakeRun run = recorded(service.run());

        for (Crash crash : crashes) {
            crash.bringBack();
            RunState state = RunState.open(crash.left());
            boolean stagingAccepted = state.isDone(Stage.ACCEPT_STAGING);
            boolean liveAccepted = state.isDone(Stage.ACCEPT_LIVE);

            assertThat(run.foundAt(crash.left()).cleanUp()).as(crash.moment()).isEmpty();

            assertAllServe(stagingAccepted ? "two" : "one", liveAccepted ? "two" : "one", crash.moment());
            if (!liveAccepted) {
                for (FakeTarget region : service.regions) {
                    assertThat(region.versions()).as(crash.moment()).containsExactly("one");
                }
            }
        }
    }

    @Test
    void aRunThatWasGoingBackGoesOnGoingBack() throws Exception {
        service.regions.get(1).faults.answers.put("two", "wrong");
        FakeRun run = recorded(service.run());
        assertThat(run.outcome).isEqualTo(RunOutcome.ROLLED_BACK);
        service.regions.get(1).faults.answers.clear();
        List<Crash> back = crashes.stream()
                .filter(crash -> RunState.ifReadable(crash.left())
                        .filter(state -> !state.get("failed").isEmpty())
                        .isPresent())
                .toList();
        assertThat(back).isNotEmpty();

        for (Crash crash : back) {
            crash.bringBack();

            FakeRun resumed = run.foundAt(crash.left()).deploy();

            assertThat(resumed.outcome)
                    .as(crash.moment() + ": " + resumed.message)
                    .isEqualTo(RunOutcome.ROLLED_BACK);
            assertAllServe("two", "one", crash.moment());
        }
    }

    @Test
    void aCleanUpThatIsCutOffItselfIsDoneAgain() throws Exception {
        FakeRun run = recorded(service.run());
        Crash promoting = crashes.stream()
                .filter(crash -> crash.moment().startsWith("docker/hello/live-2 !route"))
                .findFirst()
                .orElseThrow();

        promoting.bringBack();
        FakeTarget west = service.regions.get(0);
        west.faults.refused.add("route:r-one");
        assertThat(run.foundAt(promoting.left()).cleanUp())
                .singleElement()
                .asString()
                .contains("docker/hello/live was not rolled back", "two still serves in docker/hello/live");
        RunState.open(promoting.left()).end(RunOutcome.ROLLBACK_FAILED);
        west.faults.refused.clear();

        assertThat(run.foundAt(promoting.left()).cleanUp()).isEmpty();

        assertAllServe("two", "one", "after the second clean-up");
    }
}
