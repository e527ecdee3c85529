package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.StageState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Candidates for live that are prepared while staging is accepted: they never serve early, and never stay behind. */
@Timeout(20 * 60)
class PreparationAheadTest {
    @TempDir
    static Path directory;

    private static FakeService service;

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch made = new CountDownLatch(1);

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
        service.live().alone = true;
        service.stages = order::add;
        service.live().watcher = moment -> {
            // Without the revision, whose name has the id of the deployment.
            String kind = "live" + moment.replaceFirst(":.*", "");
            order.add(kind);
            if (kind.equals("live!create")) {
                made.countDown();
            }
        };
    }

    /** Holds the acceptance of staging until the candidate for live is made, so it hangs where that comes later. */
    private void acceptStagingAfterTheCandidate() {
        service.staging.beforeAnswer = () -> {
            if (order.contains("+accept-staging")) {
                await(made);
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertLiveIsAsBefore() {
        assertThat(service.live().answer()).isEqualTo("one");
        assertThat(service.live().versions()).containsExactly("one");
    }

    private void assertLiveIsPreparedByThePromotion() {
        assertThat(order).containsSubsequence("+promote", "live?create");
    }

    @Test
    void theCandidateIsMadeWhileStagingIsAcceptedAndServesOnlyAfterIt() throws Exception {
        acceptStagingAfterTheCandidate();

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(order)
                .containsSubsequence("+accept-staging", "live!create", "+promote", "live?route")
                .containsOnlyOnce("live?create");
        assertThat(service.live().answer()).isEqualTo("two");
        assertThat(run.summary(Stage.PROMOTE).message()).endsWith("; prepared while staging was accepted");
    }

    @Test
    void nothingStaysOfItWhereStagingIsRefused() throws Exception {
        acceptStagingAfterTheCandidate();
        service.staging.faults.answers.put("two", "wrong");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(order).contains("live!create").noneMatch(moment -> moment.contains("route"));
        assertThat(run.at(Stage.PROMOTE)).isEqualTo(StageState.WAITING);
        assertThat(service.staging.answer()).isEqualTo("one");
        assertLiveIsAsBefore();
    }

    @Test
    void keepFailedKeepsTheRefusedStagingAndNoCandidateForLive() throws Exception {
        acceptStagingAfterTheCandidate();
        service.staging.faults.answers.put("two", "wrong");

        FakeRun run = service.run(Map.of(), "retention: {keep_failed: true}").deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(service.staging.versions()).contains("two");
        assertLiveIsAsBefore();
    }

    @Test
    void itIsEndedWhereStagingIsRefusedBeforeItIsReady() throws Exception {
        acceptStagingAfterTheCandidate();
        service.live().faults.unready.put("two", "");
        service.staging.faults.answers.put("two", "wrong");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.TESTS_FAILED);
        assertLiveIsAsBefore();
    }

    @Test
    void aCandidateThatIsLeftIsTold() throws Exception {
        acceptStagingAfterTheCandidate();
        service.staging.faults.answers.put("two", "wrong");
        service.live().faults.refused.add("delete:");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message).containsPattern("could not delete r-two\\S*: refused");
        assertThat(service.live().answer()).isEqualTo("one");
        service.live().faults.refused.clear();

        assertThat(run.cleanUp()).isEmpty();

        assertLiveIsAsBefore();
    }

    @Test
    void aCandidateThatIsNotReadyAndCannotBeRemovedIsTold() throws Exception {
        acceptStagingAfterTheCandidate();
        service.live().faults.unready.put("two", "");
        service.staging.faults.answers.put("two", "wrong");
        service.live().faults.refused.add("delete:");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(service.live().answer()).isEqualTo("one");
        service.live().faults.refused.clear();

        assertThat(run.cleanUp()).isEmpty();

        assertLiveIsAsBefore();
    }

    @Test
    void itsFailureIsThatOfThePromotion() throws Exception {
        acceptStagingAfterTheCandidate();
        service.live().faults.unready.put("two", "it crashed");

        FakeRun run = service.run().deploy();

        assertThat(run.at(Stage.ACCEPT_STAGING)).isEqualTo(StageState.PASSED);
        assertThat(run.at(Stage.PROMOTE)).isEqualTo(StageState.FAILED);
        assertThat(run.outcome).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(run.message).contains("it crashed");
        assertThat(order).containsOnlyOnce("live?create");
        assertLiveIsAsBefore();
    }

    @Test
    void anInterruptLeavesNothing() throws Exception {
        Thread main = Thread.currentThread();
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        service.stages = moment -> {
            order.add(moment);
            if (moment.equals("-accept-staging")) {
                ended.countDown();
            }
        };
        service.live().faults.unready.put("two", "");
        service.staging.beforeAnswer = () -> {
            if (order.contains("+accept-staging")) {
                await(made);
                if (interrupted.compareAndSet(false, true)) {
                    main.interrupt();
                    await(ended);
                }
            }
        };
        FakeRun run = service.run(Map.of(), "accept: {request_timeout: 5s}");

        assertThatThrownBy(run::deploy).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).as("it is used up").isFalse();
        assertThat(order).doesNotContain("+promote");
        assertThat(service.staging.answer()).isEqualTo("one");
        assertLiveIsAsBefore();
    }

    @Test
    void thePromotionPreparesItWithoutOverlap() throws Exception {
        FakeRun run = service.run(Map.of(), "overlap: false").deploy();

        assertThat(run.summary(Stage.PROMOTE).message()).doesNotContain("prepared");
        assertLiveIsPreparedByThePromotion();
        assertThat(service.live().answer()).isEqualTo("two");
    }

    @Test
    void aCommandBeforeThePromotionRunsBeforeIt() throws Exception {
        FakeRun run = service.run(Map.of(), "pre_promote: ['true']").deploy();

        assertThat(run.at(Stage.PRE_PROMOTE)).isEqualTo(StageState.PASSED);
        assertLiveIsPreparedByThePromotion();
    }

    @Test
    void thePromotionPreparesItIfNothingServes() throws Exception {
        service.live().stop();

        service.run().deploy();

        assertLiveIsPreparedByThePromotion();
    }

    @Test
    void aTargetThatSharesWithStagingIsPreparedByThePromotion() throws Exception {
        service.live().alone = false;

        service.run().deploy();

        assertLiveIsPreparedByThePromotion();
    }
}
