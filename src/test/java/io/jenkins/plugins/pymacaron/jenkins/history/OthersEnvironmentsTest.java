package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.XmlFile;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import java.io.File;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.SleepBuilder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Tests the effects that another team's jobs, in another folder, have on an environment, and their view of it. */
@WithJenkins
class OthersEnvironmentsTest {
    private static final String LIVE = "docker:engine=one;service=payments;slot=live";
    private static final String OLD = "docker/payments/live";

    private static JenkinsRule j;
    private static FreeStyleProject ours;
    private static FreeStyleProject theirs;
    /** A job in the folder of the first one. */
    private static FreeStyleProject beside;

    @BeforeAll
    static void begin(JenkinsRule rule) throws Exception {
        j = rule;
        // Read when the first pause is asked for.
        new XmlFile(new File(j.jenkins.getRootDir(), "pymacaron-paused.xml"))
                .write(new TreeMap<>(Map.of("docker/legacy/live", "Ada")));
        ours = j.createFolder("payments").createProject(FreeStyleProject.class, "deploy");
        beside = ((MockFolder) ours.getParent()).createProject(FreeStyleProject.class, "beside");
        beside.getBuildersList().add(new SleepBuilder(600_000));
        theirs = j.createFolder("other").createProject(FreeStyleProject.class, "deploy");
        // Both stand for jobs whose builds go on.
        ours.getBuildersList().add(new SleepBuilder(600_000));
        theirs.getBuildersList().add(new SleepBuilder(600_000));
    }

    private static FreeStyleBuild running(FreeStyleProject job) throws Exception {
        return job.scheduleBuild2(0).waitForStart();
    }

    private static void end(FreeStyleBuild build) throws Exception {
        build.doStop();
        while (build.isBuilding()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aTeamsPauseStopsItsOwnJobsAndIsNotLiftedByOthers() throws Exception {
        PausedEnvironments paused = PausedEnvironments.get();
        paused.pause(LIVE, ours, "Ada");

        assertThat(paused.pausedBy(LIVE, ours)).contains("Ada");
        assertThat(paused.pausedBy(LIVE, theirs)).isEmpty();
        paused.resume(LIVE, theirs);
        assertThat(paused.pausedBy(LIVE, ours)).contains("Ada");
        paused.pause(LIVE, theirs, "Bob");
        paused.resume(LIVE, ours);
        assertThat(paused.pausedBy(LIVE, ours)).isEmpty();
        assertThat(paused.pausedBy(LIVE, theirs)).contains("Bob");
        paused.resume(LIVE, theirs);
    }

    @Test
    void othersDoNotHoldWhatATeamDeploysTo() throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        FreeStyleBuild foreign = running(theirs);
        FreeStyleBuild own = running(ours);
        try {
            assertThat(queue.acquire(LIVE, foreign, TaskListener.NULL)).isCompleted();
            assertThat(queue.acquire(LIVE, own, TaskListener.NULL)).isCompleted();
            queue.release(LIVE, foreign);
            assertThat(queue.isHeldBy(LIVE, own)).isTrue();
        } finally {
            end(foreign);
            end(own);
        }
    }

    @Test
    void buildsAreNamedToThoseWhoMayReadThem() throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .onItems(ours)
                .to("ada"));
        FreeStyleBuild own = running(ours);
        try {
            assertThat(EnvironmentQueue.get().acquire(LIVE, own, TaskListener.NULL))
                    .isCompleted();
            try (ACLContext ada = ACL.as2(User.getById("ada", true).impersonate2())) {
                assertThat(EnvironmentQueue.get().holder(LIVE)).contains(own.getFullDisplayName());
            }
            try (ACLContext eve = ACL.as2(User.getById("eve", true).impersonate2())) {
                assertThat(EnvironmentQueue.get().holder(LIVE)).contains("another build");
            }
        } finally {
            j.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
            end(own);
        }
    }

    @Test
    void theCardOfABuildThatWaitsSaysWhereItStandsAndAfterWhom() throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .onItems((MockFolder) ours.getParent(), ours, beside)
                .to("ada")
                .grant(Item.READ)
                .onItems((MockFolder) ours.getParent(), beside)
                .to("eve"));
        FreeStyleBuild own = running(ours);
        FreeStyleBuild waits = running(beside);
        try {
            assertThat(EnvironmentQueue.get().acquire(LIVE, own, TaskListener.NULL))
                    .isCompleted();
            assertThat(EnvironmentQueue.get().acquire(LIVE, waits, TaskListener.NULL))
                    .isNotCompleted();
            try (JenkinsRule.WebClient web = j.createWebClient().login("ada")) {
                HtmlPage page = web.goTo(waits.getUrl());
                assertThat(page.asNormalizedText())
                        .contains("Waits for " + OLD + ", place 1 in line.", "It is taken by", "Waiting since");
                assertThat(page.getAnchorByText(own.getFullDisplayName()).getHrefAttribute())
                        .endsWith(own.getUrl());
                assertThat(web.goTo(own.getUrl()).asNormalizedText())
                        .as("that of the one which has it")
                        .doesNotContain("Waits for");
            }
            try (JenkinsRule.WebClient web = j.createWebClient().login("eve")) {
                assertThat(web.goTo(waits.getUrl()).asNormalizedText())
                        .contains("Waits for " + OLD + ", place 1 in line.", "It is taken by another build.")
                        .doesNotContain(own.getFullDisplayName());
            }
        } finally {
            j.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
            EnvironmentQueue.get().cancel(LIVE, waits);
            end(waits);
            end(own);
        }
    }

    @Test
    void anEntryOfAnEarlierVersionUnderANameStillHolds() throws Exception {
        String legacy = LIVE.replace("payments", "legacy");

        assertThat(PausedEnvironments.get().pausedBy(legacy, ours)).contains("Ada");
        assertThat(PausedEnvironments.get().pausedBy(legacy, theirs)).contains("Ada");
        assertThat(PausedEnvironments.get().pausedBy(legacy.replace("slot=live", "slot=staging"), ours))
                .isEmpty();
        PausedEnvironments.get().resume(legacy, ours);
        assertThat(PausedEnvironments.get().pausedBy(legacy, ours)).isEmpty();
    }

    @Test
    void aBuildThatBeganWithAnOldNameIsWaitedFor() throws Exception {
        EnvironmentQueue queue = EnvironmentQueue.get();
        FreeStyleProject plain = j.createFreeStyleProject("plain");
        plain.setConcurrentBuild(true);
        plain.getBuildersList().add(new SleepBuilder(600_000));
        FreeStyleBuild old = running(plain);
        FreeStyleBuild now = running(plain);
        try {
            assertThat(queue.acquire(OLD, old, TaskListener.NULL)).isCompleted();
            CompletableFuture<Void> turn = queue.acquire(LIVE, now, TaskListener.NULL);
            assertThat(turn).isNotCompleted();
            queue.release(OLD, old);
            assertThat(turn).succeedsWithin(Duration.ofMinutes(10));
        } finally {
            end(old);
            end(now);
        }
    }
}
