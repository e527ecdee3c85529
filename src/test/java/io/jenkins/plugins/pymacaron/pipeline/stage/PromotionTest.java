package io.jenkins.plugins.pymacaron.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.pipeline.FakeRun;
import io.jenkins.plugins.pymacaron.pipeline.FakeService;
import io.jenkins.plugins.pymacaron.pipeline.FakeTarget;
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
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regions of live that go forth and back together, and candidates that are accepted before they serve. */
class PromotionTest {
    @TempDir
    static Path directory;

    private static FakeService service;
    private static FakeTarget west;
    private static FakeTarget east;

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void make() throws Exception {
        service = new FakeService(directory, 2);
        west = service.regions.get(0);
        east = service.regions.get(1);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @BeforeEach
    void begin() {
        service.begin();
    }

    private void assertBothServe(String version) {
        assertThat(west.answer()).isEqualTo(version);
        assertThat(east.answer()).isEqualTo(version);
    }

    private void assertOnlyOneIsThere() {
        assertBothServe("one");
        assertThat(west.versions()).containsExactly("one");
        assertThat(east.versions()).containsExactly("one");
    }

    @Test
    void everyRegionIsPreparedBeforeTheFirstOneChanges() throws Exception {
        west.watcher = moment -> order.add("west" + moment);
        east.watcher = moment -> order.add("east" + moment);

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertBothServe("two");
        List<String> names = order.stream().map(m -> m.replaceAll("-two.*", "")).toList();
        int firstRoute = Math.min(names.indexOf("west?route:r"), names.indexOf("east?route:r"));
        assertThat(names.indexOf("west!create:r")).isBetween(0, firstRoute);
        assertThat(names.indexOf("east!create:r")).isBetween(0, firstRoute);
    }

    /** Returns a watcher under which each region waits, at an effect, until the others have come as far. */
    private static Consumer<String> meeting(String effect, CountDownLatch met) {
        return moment -> {
            if (moment.startsWith("?" + effect)) {
                met.countDown();
                try {
                    assertThat(met.await(10, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    @Test
    void regionsArePreparedAtTheSameTime() throws Exception {
        CountDownLatch met = new CountDownLatch(2);
        service.regions.forEach(region -> region.watcher = meeting("create:r-two", met));

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(met.getCount()).isZero();
        assertBothServe("two");
    }

    @Test
    void regionsAreRolledBackAtTheSameTime() throws Exception {
        CountDownLatch met = new CountDownLatch(2);
        east.faults.answers.put("two", "wrong");
        FakeRun run = service.run();
        service.regions.forEach(region -> region.watcher = meeting("route:r-one", met));

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.ROLLED_BACK);
        assertThat(met.getCount()).isZero();
        assertOnlyOneIsThere();
    }

    @Test
    void regionsThatCannotBePreparedAreAllNamed() throws Exception {
        west.faults.refused.add("create:");
        east.faults.refused.add("create:");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(run.message).contains("docker/hello/live: could not", "docker/hello/live-2: could not");
        assertOnlyOneIsThere();
    }

    @Test
    void aRegionIsNotTouchedWhereTheOneBeforeItFails() throws Exception {
        west.faults.refused.add("route:r-two");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(east.applied).noneMatch(key -> key.startsWith("route:"));
        assertOnlyOneIsThere();
    }

    @Test
    void aRegionThatCannotBePreparedLeavesAllOfThemAsTheyWere() throws Exception {
        east.faults.refused.add("create:");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(west.applied).noneMatch(key -> key.startsWith("route:r-two"));
        assertOnlyOneIsThere();
    }

    @Test
    void aRegionThatCannotBeSwitchedTakesTheOthersBack() throws Exception {
        FakeRun run = service.run();
        east.faults.refused.add("route:r-two");

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.DEPLOY_FAILED);
        assertThat(west.applied).anyMatch(key -> key.startsWith("route:r-two"));
        assertOnlyOneIsThere();
    }

    @Test
    void aRegionThatIsWrongTakesAllOfThemBack() throws Exception {
        east.faults.answers.put("two", "wrong");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.ROLLED_BACK);
        assertThat(run.message).contains("one serves again at " + west.url(), "one serves again at " + east.url());
        assertOnlyOneIsThere();
    }

    @Test
    void aRegionThatCannotBeRolledBackDoesNotKeepTheOthersFromIt() throws Exception {
        east.faults.answers.put("two", "wrong");
        FakeRun run = service.run();
        west.faults.refused.add("route:r-one");

        run.deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message)
                .contains("docker/hello/live was not rolled back", "two still serves in docker/hello/live,");
        assertThat(east.answer()).isEqualTo("one");
    }

    /** From a moment of the undo on nothing can be read, so the failed undo is all that is known of live. */
    @Test
    void aFailedUndoIsNotHiddenByACandidateThatCannotBeWithdrawn() throws Exception {
        west.canary = true;
        FakeRun run = service.run();
        west.faults.refused.addAll(List.of("route:r-two", "route:r-one"));
        west.watcher = moment -> {
            if (moment.startsWith("?route:r-one")) {
                west.faults.unreadable = "listing failed";
                west.faults.unsettled.put("withdraw", "listing failed");
            }
        };

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message).contains("Not undone: could not ");
    }

    @Test
    void aRegionThatWasOvertakenKeepsTheOtherDeploymentAndTheRestIsRolledBack() throws Exception {
        east.faults.answers.put("two", "wrong");
        FakeRun run = service.run();
        east.watcher = moment -> {
            if (moment.equals("=fake.rollback")) {
                west.overtakenBy("three", "run-9 three 0a0b0c");
            }
        };
        service.stages = moment -> {
            if (moment.equals("-live")) {
                west.overtakenBy("three", "run-9 three 0a0b0c");
            }
        };

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUPERSEDED);
        assertThat(west.answer()).isEqualTo("three");
        assertThat(east.answer()).isEqualTo("one");
    }

    @Test
    void aRegionThatIsDownIsWarnedOfAndServesAfterwards() throws Exception {
        east.stop();

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(service.said())
                .contains("docker/hello/live-2: nothing serves now; one, which did last, is kept for a rollback");
        assertThat(run.summary(Stage.PROMOTE).message()).contains("where nothing served any more");
        assertBothServe("two");
    }

    @Test
    void aCandidateIsAcceptedAtItsOwnAddressBeforeItServes() throws Exception {
        west.apart = true;
        east.apart = true;
        west.faults.answers.put("two", "wrong");

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(run.message).contains("two gets no traffic of docker/hello/live");
        assertThat(run.at(Stage.PROMOTE)).isEqualTo(StageState.FAILED);
        assertThat(west.applied).noneMatch(key -> key.startsWith("route"));
        assertThat(east.applied).noneMatch(key -> key.startsWith("route"));
        assertOnlyOneIsThere();
    }

    @Test
    void withoutAcceptanceNothingIsAskedAtItsOwnAddress() throws Exception {
        west.apart = true;
        west.faults.answers.put("two", "wrong");

        FakeRun run = service.run(Map.of("tests", "NONE"), "").deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
    }

    @Test
    void aCandidateThatFailedBesideLiveStaysWhereFailedOnesAreKept() throws Exception {
        west.apart = true;
        west.faults.answers.put("two", "wrong");

        FakeRun run = service.run(Map.of("keepFailed", "true"), "").deploy();

        assertThat(run.outcome).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(west.versions()).containsExactlyInAnyOrder("one", "two");
        assertBothServe("one");
    }

    @Test
    void aCanaryIsTestedAgainWithItsShareOfTheTraffic() throws Exception {
        west.apart = true;
        west.canary = true;
        west.watcher = order::add;

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.SUCCEEDED);
        List<String> effects =
                west.applied.stream().map(key -> key.replaceAll(":.*", "")).toList();
        assertThat(effects).startsWith("create", "share", "route");
        assertBothServe("two");
    }

    @Test
    void aCanaryThatFailsAtItsShareLosesItAndTheOutcomeIsThatOfItsTests() throws Exception {
        west.apart = true;
        west.canary = true;
        west.watcher = moment -> {
            if (moment.startsWith("?share")) {
                west.faults.answers.put("two", "wrong");
            }
        };

        FakeRun run = service.run().deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.TESTS_FAILED);
        assertThat(run.message).contains("answers version wrong, not two");
        assertOnlyOneIsThere();
    }

    @Test
    void aCanaryThatCannotLoseItsShareIsSaid() throws Exception {
        west.apart = true;
        west.canary = true;
        FakeRun run = service.run();
        west.watcher = moment -> {
            if (moment.startsWith("?share")) {
                west.faults.answers.put("two", "wrong");
                west.faults.refused.add("route:r-one");
            }
        };

        run.deploy();

        assertThat(run.outcome).as(run.message).isEqualTo(RunOutcome.ROLLBACK_FAILED);
        assertThat(run.message).contains("could not route r-one");
    }
}
