package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.FakeChangeLogSCM;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The question before live, to those who have to answer it. */
@WithJenkins
class ApprovalTest {
    @Test
    void saysWhatWouldChangeAndTheCommitsSinceWhatIsLive(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("hello");
        FakeChangeLogSCM scm = new FakeChangeLogSCM();
        job.setScm(scm);
        scm.addChange().withAuthor("Ada").withMsg("Greet");
        Delivery.build(j, job, Story.shipped(1, "1"));
        // One that never went live.
        scm.addChange().withAuthor("Bob").withMsg("Greet in Finnish\n\nThe second line.");
        Delivery.build(j, job, Story.of(2, "2").deployed("staging", "staging", Story.STAGING, "2", 9));
        scm.addChange().withAuthor("Ada").withMsg("Greet in Danish");
        FreeStyleBuild build = Delivery.build(
                j,
                job,
                Story.of(3, "3")
                        .planning(
                                "Plan for hello at commit c0ffee",
                                Story.LIVE + ", where 1 serves at http://h since 2026-11-22T18:10:00Z",
                                "  create container 3-rehearsal",
                                "  wait for version 3",
                                "  replace 1 by 3",
                                "  scale to 2",
                                "  scale to 4",
                                "  scale to 8")
                        .deployed("staging", "staging", Story.STAGING, "3", 9));

        assertThat(question(build))
                .containsExactly(
                        "Really?",
                        "hello 3 is staged at http://127.0.0.1:8081.",
                        "In docker/hello/live, 1 serves at http://h since 2026-11-22T18:10:00Z.",
                        "Changes: replace 1 by 3; scale to 2; scale to 4; and 1 more.",
                        "Commits since 1: Greet in Danish (Ada); Greet in Finnish (Bob).",
                        "Whole plan: job/hello/3/plan");
        assertThat(message(build, true))
                .startsWith("Promote hello 3 to live? It is staged at http://127.0.0.1:8081.\nIn ");
    }

    /** It is a heading on the page that asks. */
    @Test
    void namesTenCommitsAtMost(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("busy");
        FakeChangeLogSCM scm = new FakeChangeLogSCM();
        job.setScm(scm);
        Delivery.build(j, job, Story.shipped(1, "1"));
        for (int i = 1; i <= 12; i++) {
            scm.addChange().withAuthor("Ada").withMsg("Change " + i);
        }
        FreeStyleBuild build =
                Delivery.build(j, job, Story.of(2, "3").deployed("staging", "staging", Story.STAGING, "3", 9));

        assertThat(question(build))
                .hasSize(3)
                .last(InstanceOfAssertFactories.STRING)
                .contains("Change 1 (Ada); ", "Change 10 (Ada); and 2 more.")
                .doesNotContain("Change 11", "Change 12");
    }

    private static List<String> question(FreeStyleBuild build) throws Exception {
        return message(build, Map.of("message", "Really?")).lines().toList();
    }

    private static String message(FreeStyleBuild build, Object approve) throws Exception {
        Map<String, Object> order = new HashMap<>();
        order.put("dir", ".");
        order.put("done", Map.of("version", "3", "url", "http://127.0.0.1:8081"));
        order.put("approve", approve);
        return Approval.question(build, order).get("message").toString();
    }
}
