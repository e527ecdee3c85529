package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.change.EnvironmentDeployment;
import io.jenkins.plugins.pymacaron.pipeline.change.OperationRunner;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class ParallelRegionsTest {
    @TempDir
    static Path directory;

    private static FakeService service;
    private static OperationRunner operations;
    private static List<EnvironmentDeployment> regions;

    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 2);
        FakeRun run = service.begin().run();
        operations = run.operations();
        regions = run.prepared.live().stream()
                .map(place -> new EnvironmentDeployment(place, operations, run.state))
                .toList();
    }

    @AfterAll
    static void close() {
        operations.close();
        service.close();
    }

    /** The work fails in the first region with one failure, and in the second with the other. */
    private void fail(Exception first, Exception second)
            throws StageFailedException, IOException, InterruptedException {
        ParallelRegions.run(regions, region -> {
            ended.add(region.environment());
            Exception failure = region == regions.get(0) ? first : second;
            if (failure instanceof StageFailedException stage) {
                throw stage;
            }
            if (failure instanceof IOException io) {
                throw io;
            }
            if (failure instanceof RuntimeException defect) {
                throw defect;
            }
            if (failure instanceof InterruptedException interrupted) {
                throw interrupted;
            }
        });
    }

    private static StageFailedException failed(RunOutcome outcome, String why) {
        return new StageFailedException(outcome, why);
    }

    @Test
    void aFailureOfOneRegionIsThrownAsItIsOnceAllHaveEnded() {
        StageFailedException failure = failed(RunOutcome.DEPLOY_FAILED, "no");

        assertThatThrownBy(() -> fail(failure, null)).isSameAs(failure);
        assertThat(ended).hasSize(2);
    }

    @Test
    void theMostSeriousFailureGivesTheOutcomeAndAllAreNamed() {
        assertThatThrownBy(() -> fail(
                        failed(RunOutcome.DEPLOY_FAILED, "not made"), failed(RunOutcome.ROLLBACK_FAILED, "not undone")))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.outcome()).isEqualTo(RunOutcome.ROLLBACK_FAILED))
                .hasMessage("docker/hello/live: not made; docker/hello/live-2: not undone");
    }

    @Test
    void aLostLeaseBesideAnotherFailureIsStillLost() {
        assertThatThrownBy(() -> fail(
                        failed(RunOutcome.DEPLOY_FAILED, "no"),
                        StageFailedException.lost(RunOutcome.DEPLOY_FAILED, "taken")))
                .isInstanceOfSatisfying(
                        StageFailedException.class, e -> assertThat(e.isLost()).isTrue())
                .hasMessageContaining("docker/hello/live: no")
                .hasMessageContaining("taken");
    }

    @Test
    void aFileThatCannotBeWrittenAndADefectAreNotHidden() {
        assertThatThrownBy(() -> fail(new IOException("full"), new InterruptedException()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("docker/hello/live: full");
        assertThatThrownBy(() -> fail(failed(RunOutcome.DEPLOY_FAILED, "no"), new IllegalStateException("defect")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptReachesAllRegionsAndTheirEndsAreWaitedFor() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CompletableFuture<Exception> result = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                ParallelRegions.run(regions, region -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        ended.add(region.environment());
                    }
                });
                result.complete(null);
            } catch (StageFailedException | IOException | InterruptedException e) {
                result.complete(e);
            }
        });
        caller.start();
        begun.await();
        caller.interrupt();

        assertThat(result.get(10, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
        assertThat(ended).hasSize(2);
    }

    @Test
    void anInterruptIsNotForgottenWhereAllRegionsEndWell() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CompletableFuture<Exception> result = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                ParallelRegions.run(regions, region -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        ended.add(region.environment());
                    }
                });
                result.complete(null);
            } catch (StageFailedException | IOException | InterruptedException e) {
                result.complete(e);
            }
        });
        caller.start();
        begun.await();
        caller.interrupt();

        assertThat(result.get(10, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
        assertThat(ended).hasSize(2);
    }
}
