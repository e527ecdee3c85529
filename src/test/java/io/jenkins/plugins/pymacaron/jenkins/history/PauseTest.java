package io.jenkins.plugins.pymacaron.jenkins.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.model.Result;
import io.jenkins.plugins.pymacaron.jenkins.credentials.Visitor;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.lock.WaitingListener;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import net.sf.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

class PauseTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @Test
    void stopsBuildsUntilAUserResumes() throws Throwable {
        sessions.then(j -> {
            FreeStyleProject job = deploying(j);
            j.buildAndAssertSuccess(job);
            PausedEnvironments.get().pause(Story.LIVE, job, "Ada");
            PausedEnvironments.get().pause("docker/other/live", job, "Bob");
            refused(j, job);
        });
        sessions.then(j -> {
            FreeStyleProject job = deploying(j);
            refused(j, job);
            new RollbackRequest(".", Story.LIVE, "1", "Ada").schedule(job);
            j.waitUntilNoActivity();
            j.assertBuildStatusSuccess(job.getLastBuild());
            PausedEnvironments.get().resume(Story.LIVE, job);
            j.buildAndAssertSuccess(job);
        });
        sessions.then(j -> {
            FreeStyleProject job = deploying(j);
            j.buildAndAssertSuccess(job);
            assertThat(PausedEnvironments.get().pausedBy("docker/other/live", job))
                    .contains("Bob");
        });
    }

    @Test
    void saysWhyUntilWhenAndWhere() throws Throwable {
        sessions.then(j -> {
            FreeStyleProject paused = deploying(j);
            Delivery.build(j, paused, Story.shipped(1, "1"));
            Visitor.anonymous(j)
                    .post(
                            "job/hello/deployments/pause",
                            "environment",
                            Story.LIVE,
                            "reason",
                            "the database\nmoves <b>",
                            "hours",
                            "8");
            FreeStyleProject other = j.createFreeStyleProject("other");
            other.getBuildersList().add(new Taking());
            FreeStyleBuild refused = j.buildAndAssertStatus(Result.FAILURE, other);
            j.assertLogContains(": the database moves <b>. They continue at ", refused);
            j.assertLogContains("or when a user resumes them on " + j.getURL() + "job/hello/deployments/", refused);
            try (JenkinsRule.WebClient web = j.createWebClient()) {
                assertThat(web.getPage(paused, "deployments").asNormalizedText())
                        .contains("Paused: the database moves <b>.")
                        .containsPattern("Until .*20[0-9]{2}.*:[0-9]{2}");
                JSONObject live = web.getJSON("job/hello/deployments/api/json")
                        .getJSONObject()
                        .getJSONArray("environments")
                        .getJSONObject(0);
                assertThat(live.getString("pauseReason")).isEqualTo("the database moves <b>");
                assertThat(Duration.ofMillis(live.getLong("pausedUntil") - live.getLong("pausedSince")))
                        .isEqualTo(Duration.ofHours(8));
            }
            paused.renameTo("renamed");
            j.assertLogContains(
                    "or when a user resumes them on " + j.getURL() + "job/renamed/deployments/",
                    j.buildAndAssertStatus(Result.FAILURE, other));
            followsFolders(j);
            paused.renameTo("hello");
            assertThat(Visitor.anonymous(j)
                            .posted("job/hello/deployments/pause", "environment", Story.LIVE, "hours", "-1"))
                    .contains("Enter a number of hours");

            PausedEnvironments.get().pause(Story.LIVE, paused, "Ada", "", Duration.ofNanos(1));
            assertThat(PausedEnvironments.get().find(Story.LIVE, paused))
                    .as("it has ended by itself")
                    .isEmpty();
            PausedEnvironments.get().resume(Story.LIVE, paused);
        });
    }

    /** The environment of a folder stays paused for its jobs after a new name, and after a job has left it. */
    private static void followsFolders(JenkinsRule j) throws Exception {
        Folder team = j.jenkins.createProject(Folder.class, "team");
        FreeStyleProject inside = team.createProject(FreeStyleProject.class, "inside");
        FreeStyleProject beside = team.createProject(FreeStyleProject.class, "beside");
        beside.getBuildersList().add(new Taking());
        PausedEnvironments.get().pause(Story.LIVE, inside, "Eve");
        team.renameTo("crew");
        j.assertLogContains(
                "Resume them on " + j.getURL() + "job/crew/job/inside/deployments/",
                j.buildAndAssertStatus(Result.FAILURE, beside));
        FreeStyleProject outside = Items.move(inside, j.jenkins);
        assertThat(PausedEnvironments.get().pausedBy(Story.LIVE, beside)).contains("Eve");
        assertThat(PausedEnvironments.get().find(Story.LIVE, outside))
                .as("the jobs outside of folders have a pause of their own")
                .get()
                .extracting(Pause::getReason)
                .isEqualTo("the database moves <b>");
        team.delete();
    }

    @Test
    void letsTheRollbackThrough() throws Throwable {
        sessions.then(j -> {
            FreeStyleProject job = deploying(j);
            j.buildAndAssertSuccess(job);
            PausedEnvironments.get().pause(Story.LIVE, job, "Ada");
            FreeStyleProject back = j.createFreeStyleProject("back");
            back.getBuildersList().add(new Taking(true));
            j.buildAndAssertSuccess(back);
        });
    }

    private static FreeStyleProject deploying(JenkinsRule j) throws IOException {
        FreeStyleProject job = j.jenkins.getItemByFullName("hello", FreeStyleProject.class);
        job = job == null ? j.createFreeStyleProject("hello") : job;
        job.getBuildersList().clear();
        job.getBuildersList().add(new Taking());
        return job;
    }

    private static void refused(JenkinsRule j, FreeStyleProject job) throws Exception {
        FreeStyleBuild build = j.buildAndAssertStatus(Result.FAILURE, job);
        j.assertLogContains("Deployments to " + Story.LIVE + " were paused by Ada", build);
        j.assertLogNotContains("\tat ", build);
    }

    /** Takes the environment as everything does that deploys. */
    private static final class Taking extends TestBuilder {
        private final boolean back;

        Taking() {
            this(false);
        }

        Taking(boolean back) {
            this.back = back;
        }

        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException, IOException {
            try {
                EnvironmentQueue.get()
                        .acquire(Story.LIVE, build, WaitingListener.of(listener), back)
                        .get();
                return true;
            } catch (ExecutionException e) {
                throw new hudson.AbortException(e.getCause().getMessage());
            }
        }
    }
}
