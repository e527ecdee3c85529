package io.jenkins.plugins.pymacaron.jenkins.history;

import static io.jenkins.plugins.pymacaron.jenkins.history.DeploymentHistoryTest.entry;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.TaskListener;
import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import hudson.plugins.git.browser.GithubWeb;
import hudson.plugins.git.util.BuildData;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import io.jenkins.plugins.pymacaron.jenkins.run.CommitLink;
import java.nio.file.Path;
import java.util.List;
import org.htmlunit.html.DomAttr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.FakeChangeLogSCM;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class CommitDifferencesTest {
    @Test
    void areThoseOfTheBuildsInBetween(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("hello");
        FakeChangeLogSCM scm = new FakeChangeLogSCM();
        job.setScm(scm);
        for (int i = 1; i <= 4; i++) {
            scm.addChange().withAuthor("Ada").withMsg("commit of build " + i);
            j.buildAndAssertSuccess(job);
        }
        // Version 2 came back later; it was made by build 2 all the same.
        List<DeploymentEntry> deployed = List.of(
                entry("live", "2", "rollback", 4),
                entry("live", "4", "promote", 4),
                entry("live", "2", "promote", 2),
                entry("live", "1", "promote", 1));

        CommitDifferences forth =
                CommitDifferences.between(job, deployed, "1", "4").orElseThrow();
        assertThat(messages(forth)).containsExactly("commit of build 4", "commit of build 3", "commit of build 2");
        assertThat(forth.isBack()).isFalse();
        assertThat(forth.isIncomplete()).isFalse();

        CommitDifferences back =
                CommitDifferences.between(job, deployed, "4", "2").orElseThrow();
        assertThat(back.isBack()).isTrue();
        assertThat(messages(back)).containsExactly("commit of build 4", "commit of build 3");
        assertThat(messages(CommitDifferences.between(job, deployed, "2", "2").orElseThrow()))
                .isEmpty();
        assertThat(CommitDifferences.between(job, deployed, "1", "no such")).isEmpty();
        assertThat(CommitDifferences.between(job, deployed, "", "1")).isEmpty();

        DeploymentHistory.of(job)
                .add(List.of(
                        entry("live", "1", "promote", 1),
                        entry("live", "2", "promote", 2),
                        entry("live", "1", "rollback", 3),
                        entry("live", "4", "promote", 4)));
        assertThat(planned(job, 4)).containsExactly("commit of build 4", "commit of build 3", "commit of build 2");
        assertThat(planned(job, 3)).containsExactly("commit of build 3");
        assertThat(CommitDifferences.upTo(job.getBuildByNumber(1), "docker/hello/live"))
                .isEmpty();
        assertThat(CommitDifferences.upTo(job.getBuildByNumber(4), "docker/hello/staging"))
                .isEmpty();

        job.getBuildByNumber(3).delete();
        CommitDifferences gap =
                CommitDifferences.between(job, deployed, "1", "4").orElseThrow();
        assertThat(gap.isIncomplete()).as("a build in between is gone").isTrue();
        job.getLastBuild().delete();
        assertThat(CommitDifferences.between(job, deployed, "1", "4")
                        .orElseThrow()
                        .isIncomplete())
                .as("and the newest")
                .isTrue();
    }

    @Test
    void commitsAreLinkedToTheBrowserOfTheirScm(JenkinsRule j, @TempDir Path temporary) throws Exception {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        Service service = Service.in(temporary);
        FreeStyleProject job = j.createFreeStyleProject("linked");
        job.setScm(new GitSCM(
                GitSCM.createRepoList(service.directory().toString(), null),
                List.of(new BranchSpec("*/main")),
                new GithubWeb("https://github.com/acme/hello"),
                null,
                List.of()));
        j.buildAndAssertSuccess(job);
        service.content("two").commit("second");
        FreeStyleBuild second = j.buildAndAssertSuccess(job);
        String commit = second.getAction(BuildData.class).getLastBuiltRevision().getSha1String();
        String link = "https://github.com/acme/hello/commit/" + commit;

        assertThat(CommitLink.of(second, commit).getUrl()).isEqualTo(link);
        assertThat(CommitLink.of(second, "0".repeat(40)).getUrl()).isEmpty();
        CommitDifferences changes = CommitDifferences.between(
                        job, List.of(entry("live", "2", "promote", 2), entry("live", "1", "promote", 1)), "1", "2")
                .orElseThrow();
        assertThat(changes.link(changes.getCommits().get(0)).getUrl()).isEqualTo(link);

        Delivery.record(second, Story.of(2, "2").at(commit).promoted(), TaskListener.NULL);
        FreeStyleBuild again = j.buildAndAssertSuccess(job);
        Story story = Story.of(3, "2")
                .at(commit)
                .planning("Plan for hello")
                .promoted()
                .accepted("live", 1, 0, 0);
        Delivery.record(again, story, TaskListener.NULL);
        try (JenkinsRule.WebClient web = j.createWebClient().withJavaScriptEnabled(false)) {
            assertThat(hrefs(web, "3/", "//*[@class='pym-summary']"))
                    .as("the build has no change log of its own")
                    .containsExactly(link, "plan/", "acceptance/", "../deployments/");
            assertThat(hrefs(web, "3/plan/", "//section")).contains(link);
            assertThat(hrefs(web, "3/acceptance/", "//dl[@class='pym-facts']")).contains(link);
            assertThat(hrefs(web, "deployments/", "//dl[@class='pym-facts']")).contains(link);
            assertThat(hrefs(web, "deployments/", "//table")).contains(link);
        }
    }

    private static List<String> hrefs(JenkinsRule.WebClient web, String page, String part) throws Exception {
        return web.goTo("job/linked/" + page).<DomAttr>getByXPath(part + "//a/@href").stream()
                .map(DomAttr::getValue)
                .toList();
    }

    /** Returns the commits of a build since the version that was live before it. */
    private static List<String> planned(FreeStyleProject job, int build) throws Exception {
        return messages(CommitDifferences.upTo(job.getBuildByNumber(build), "docker/hello/live")
                .orElseThrow());
    }

    private static List<String> messages(CommitDifferences changes) {
        return changes.getCommits().stream().map(ChangeLogSet.Entry::getMsg).toList();
    }
}
