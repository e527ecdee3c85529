package io.jenkins.plugins.pymacaron.jenkins.lock;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.jenkins.step.Gate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
public class EnvironmentQueueTest {
    private static final String LIVE = "docker/hello/live";
    private static volatile String paused = "";
    private JenkinsRule j;

    @BeforeEach
    void begin(JenkinsRule rule) {
        j = rule;
        paused = "";
    }

    @Test
    void servesBuildsInOrderAndFreesWhatEndedBuildsHeld() throws Exception {
        WorkflowRun first = holding("first");
        WorkflowRun second = start(job("second"));
        j.waitForMessage("is taken by another build. Waiting for it, place 1 in line, since ", second);
        WorkflowRun third = start(job("third"));
        j.waitForMessage("is taken by another build. Waiting for it, place 2 in line, since ", third);
        assertThat(EnvironmentQueue.get().holder(LIVE)).contains("first #1");
        assertThat(EnvironmentQueue.get().places(third)).singleElement().satisfies(place -> {
            assertThat(place.getPlace()).isEqualTo(2);
            assertThat(place.getHolder()).isEqualTo(first);
            assertThat(place.getSince()).isNotNull();
        });
        try (JenkinsRule.WebClient web = j.createWebClient()) {
            assertThat(web.getPage(third).asNormalizedText())
                    .contains("Waits for " + LIVE + ", place 2 in line.")
                    .contains("It is taken by first #1");
            assertThat(web.getPage(first).asNormalizedText()).doesNotContain("in line");
        }

        goOn(first);
        j.waitForMessage(LIVE + " is free after", second);
        j.waitForMessage("has it", second);
        j.waitForMessage("is taken by another build. Waiting for it, place 1 in line, since ", third);
        assertThat(third.getLog()).doesNotContain("is free");

        second.doKill();
        j.waitForMessage("has it", third);
        third.getParent().delete();
        assertThat(EnvironmentQueue.get().holder(LIVE)).isEmpty();
        assertThat(j.jenkins.getRootDir().list()).noneMatch(f -> f.contains("pymacaron"));
    }

    @Test
    void noBuildBeginsWhileTheRestOfAnEndedBuildIsUndone() throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        CleanupTurn both =
                queue.tryTurn("ended#1", List.of(LIVE, "docker/hello/staging")).orElseThrow();
        CleanupTurn other = queue.tryTurn("ended#1", List.of(LIVE)).orElseThrow();
        WorkflowRun first = start(job("first"));
        j.waitForMessage(
                LIVE + " is being cleaned up after an earlier build. Waiting for it, place 1 in line, since ", first);
        WorkflowRun second = start(job("second"));
        j.waitForMessage("is being cleaned up after an earlier build. Waiting for it, place 2 in line, since ", second);

        queue.end(both);
        assertThat(queue.holder(LIVE)).as("there is still the other").isEmpty();
        queue.end(other);
        j.waitForMessage("has it", first);
        assertThat(queue.tryTurn("ended#1", List.of("docker/hello/staging", LIVE)))
                .isEmpty();
        assertThat(queue.held("ended#1", List.of("docker/hello/staging", LIVE))).contains(LIVE);
        goOn(first);
        j.waitForMessage("has it", second);
        goOn(second);
        j.assertBuildStatusSuccess(j.waitForCompletion(second));
    }

    @Test
    void unfinishedChangesAreUndoneAfterTheHolderAndBeforeAllOthers() throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        String staging = "docker/hello/staging";
        WorkflowRun first = holding("first");
        WorkflowRun second = start(job("second"));
        j.waitForMessage("is taken by another build. Waiting for it, place 1 in line, since ", second);
        CleanupTurn turn = queue.lineUp("ended#1", List.of(LIVE, staging));
        CleanupTurn another = queue.lineUp("ended#1", List.of(staging));
        another.come().get(1, TimeUnit.MINUTES);
        queue.end(another);
        assertThat(turn.come()).isNotDone();
        // The one that holds something goes on, or they would wait for each other.
        assertThat(queue.acquire(staging, first, TaskListener.NULL)).isCompleted();
        queue.release(staging, first);
        assertThat(turn.come()).isNotDone();

        goOn(first);
        turn.come().get(1, TimeUnit.MINUTES);
        j.assertBuildStatusSuccess(j.waitForCompletion(first));
        assertThat(queue.holder(LIVE)).as("nobody deploys meanwhile").isEmpty();
        assertThat(second.getLog()).doesNotContain("has it");
        queue.end(turn);
        j.waitForMessage("has it", second);
        goOn(second);
        j.assertBuildStatusSuccess(j.waitForCompletion(second));
    }

    @Test
    void aCleanUpOfAnotherTreeIsInNoBuildsWay() throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        CleanupTurn given = queue.lineUp("others/hello#1", List.of(LIVE));
        given.come().get(1, TimeUnit.MINUTES);
        WorkflowRun mine = start(holds(j.createFolder("mine").createProject(WorkflowJob.class, "hello")));
        j.waitForMessage("has it", mine);
        WorkflowRun outside = holding("outside");
        assertThat(mine.getLog() + outside.getLog()).doesNotContain("Waiting for it");
        queue.end(given);
        goOn(outside);
        goOn(mine);
        j.waitForCompletion(outside);
        j.waitForCompletion(mine);
    }

    @Test
    void aCleanUpWaitsForNoBuildOfAnotherTree() throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        WorkflowRun others = start(holds(j.createFolder("others").createProject(WorkflowJob.class, "hello")));
        j.waitForMessage("has it", others);
        assertThat(queue.held("mine/hello#1", List.of(LIVE))).isEmpty();
        CleanupTurn turn = queue.lineUp("mine/hello#1", List.of(LIVE));
        turn.come().get(1, TimeUnit.MINUTES);
        assertThat(queue.tryTurn("others/hello#1", List.of(LIVE))).isEmpty();
        queue.end(turn);
        queue.end(queue.tryTurn("outside#1", List.of(LIVE)).orElseThrow());
        goOn(others);
        j.waitForCompletion(others);
    }

    @Test
    void letsABuildInAgainAndGivesBackOnlyToItsHolder() throws Exception {
        WorkflowRun first = holding("first");
        EnvironmentQueue queue = EnvironmentQueue.get();
        assertThat(queue.acquire(LIVE, first, TaskListener.NULL)).isCompleted();
        assertThat(queue.acquire("docker/other/live", first, TaskListener.NULL)).isCompleted();

        WorkflowRun second = start(job("second"));
        j.waitForMessage("Waiting for it", second);
        queue.release(LIVE, second);
        assertThat(queue.isHeldBy(LIVE, first)).isTrue();
        second.getExecutor().interrupt();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(second));
        queue.release(LIVE, first);
        assertThat(queue.holder(LIVE)).isEmpty();
        assertThat(queue.holder("docker/other/live")).contains("first #1");
        goOn(first);
        j.assertBuildStatusSuccess(j.waitForCompletion(first));
        assertThat(queue.holder("docker/other/live")).isEmpty();
    }

    @Test
    void pausedEnvironmentsRefuseWithOneLine() throws Exception {
        paused = LIVE;
        WorkflowRun refused = j.buildAndAssertStatus(Result.FAILURE, job("refused"));
        j.assertLogContains("ERROR: " + LIVE + " is paused by alice", refused);
        j.assertLogNotContains("\tat ", refused);

        paused = "";
        WorkflowRun first = holding("first");
        WorkflowRun second = start(job("second"));
        j.waitForMessage("Waiting for it", second);
        paused = LIVE;
        CompletableFuture<Void> again = EnvironmentQueue.get().acquire(LIVE, first, TaskListener.NULL);
        again.get(600, TimeUnit.SECONDS);
        goOn(first);
        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(second));
        j.assertLogContains("ERROR: " + LIVE + " is paused by alice", second);
        assertThat(EnvironmentQueue.get().holder(LIVE)).isEmpty();
    }

    @Test
    void followsABuildWhoseJobMoves() throws Exception {
        WorkflowRun first = holding("first");
        EnvironmentQueue queue = EnvironmentQueue.get();
        queue.rename("first", "moved/first");
        queue.dropLost();
        assertThat(queue.holder(LIVE)).as("there is no such build").isEmpty();
        goOn(first);
        j.waitForCompletion(first);
    }

    @Test
    void aBuildWithTheNameOfAnEndedOneHoldsNothing() throws Exception {
        WorkflowRun ended = holding("first");
        WorkflowRun same = holding("second", "input 'has it'");
        EnvironmentQueue queue = EnvironmentQueue.get();
        queue.rename("first", "second");
        assertThat(queue.isHeldBy(LIVE, same)).as("by its name and number").isTrue();
        queue.dropLost();
        assertThat(queue.holder(LIVE)).isEmpty();
        goOn(ended);
        goOn(same);
        j.waitForCompletion(ended);
        j.waitForCompletion(same);
    }

    @Test
    void saysWhyItRefuses() throws ExecutionException, InterruptedException, Exception {
        WorkflowRun first = holding("first");
        paused = "docker/other/live";
        CompletableFuture<Void> refused = EnvironmentQueue.get().acquire(paused, first, TaskListener.NULL);
        assertThat(refused)
                .failsWithin(600, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(AbortException.class);
        goOn(first);
        j.waitForCompletion(first);
    }

    @Test
    void ofTwoBuildsThatWaitForEachOtherOneGoesOn() throws Exception {
        String other = "docker/other/live";
        WorkflowRun first = holding("first", "hold '" + LIVE + "'; input 'has it'; hold '" + other + "'");
        WorkflowRun second = holding(
                "second",
                "parallel a: { hold '" + other + "'; input 'has it'; hold '" + LIVE + "' }, b: { input 'busy' }");
        goOn(first);
        j.waitForMessage("Waiting for it", first);
        second.getAction(InputAction.class).getExecutions().stream()
                .filter(i -> i.getInput().getMessage().equals("has it"))
                .findFirst()
                .orElseThrow()
                .doProceedEmpty();
        j.waitForMessage("Waiting for it", second);
        EnvironmentQueue.get().breakDeadlocks();
        assertThat(first.isBuilding() && second.isBuilding())
                .as("branch b may give back what the build has")
                .isTrue();

        goOn(second);
        Gate.until("nothing was broken up", () -> {
            EnvironmentQueue.get().breakDeadlocks();
            return !first.isBuilding() || !second.isBuilding();
        });
        j.waitForCompletion(first);
        j.waitForCompletion(second);
        WorkflowRun refused = first.getResult() == Result.SUCCESS ? second : first;
        WorkflowRun served = refused == first ? second : first;
        j.assertBuildStatusSuccess(served);
        j.assertBuildStatus(Result.FAILURE, refused);
        j.assertLogContains("which this build holds. Deploy the services in the same order in both.", refused);
        j.assertLogNotContains("\tat ", refused);
    }

    private WorkflowRun holding(String name, String script) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = start(job);
        j.waitForMessage("has it", run);
        return run;
    }

    private WorkflowRun holding(String name) throws Exception {
        WorkflowRun run = start(job(name));
        j.waitForMessage("has it", run);
        return run;
    }

    private WorkflowJob job(String name) throws Exception {
        return holds(j.createProject(WorkflowJob.class, name));
    }

    private static WorkflowJob holds(WorkflowJob job) throws Exception {
        job.setDefinition(new CpsFlowDefinition("hold '" + LIVE + "'; input 'has it'", true));
        return job;
    }

    private static WorkflowRun start(WorkflowJob job) throws Exception {
        return job.scheduleBuild2(0).waitForStart();
    }

    private static void goOn(WorkflowRun run) throws Exception {
        Inputs.proceed(run);
    }

    @TestExtension
    public static HoldStep.DescriptorImpl hold() {
        return new HoldStep.DescriptorImpl();
    }

    @TestExtension
    public static final class Pause implements DeploymentPause {
        @Override
        public Optional<String> whyPaused(String environment, Run<?, ?> run) {
            return environment.equals(paused) ? Optional.of(environment + " is paused by alice") : Optional.empty();
        }
    }
}
