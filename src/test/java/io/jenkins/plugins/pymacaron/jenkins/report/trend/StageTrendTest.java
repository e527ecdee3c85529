package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import static org.assertj.core.api.Assertions.assertThat;

import edu.hm.hafner.echarts.line.LineSeries;
import edu.hm.hafner.echarts.line.LinesChartModel;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.pymacaron.jenkins.report.Delivery;
import io.jenkins.plugins.pymacaron.jenkins.report.Story;
import java.util.List;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class StageTrendTest {
    @Test
    void drawsTheOldestBuildAtTheLeft(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("hello");
        Delivery.build(j, job, Story.of(1, "1").accepted("unit", 5, 0, 0).plain("build", 30));
        assertThat(job.getAction(StageTrendAction.class).isShown())
                .as("a single point is no trend")
                .isFalse();
        Delivery.build(j, job, Story.empty());
        Delivery.build(
                j,
                job,
                Story.of(3, "2").accepted("unit", 6, 0, 2).plain("build", 20).accepted("container", 3, 1, 0));

        LinesChartModel tests = StageTrend.tests(job).model();
        assertThat(tests.getDomainAxisLabels())
                .as("without the build that ran no stage")
                .containsExactly("#1", "#3");
        assertThat(tests.getBuildNumbers()).containsExactly(1, 3);
        assertThat(values(tests, "Unit tests")).containsExactly(5.0, 6.0);
        assertThat(values(tests, "Unit tests: skipped")).containsExactly(0.0, 2.0);
        assertThat(values(tests, "Accept image")).containsExactly(0.0, 3.0);
        assertThat(values(tests, "Accept image: failed")).containsExactly(0.0, 1.0);
        assertThat(tests.getSeries()).as("only what there was anything of").hasSize(4);
        assertThat(tests.getRangeMax()).as("a round number above 6 + 2 + 3 + 1").isEqualTo(20.0);

        LinesChartModel durations = StageTrend.durations(job).model();
        assertThat(durations.getSeries())
                .extracting(LineSeries::getName)
                .containsExactly("Unit tests", "Build image", "Accept image");
        assertThat(values(durations, "Build image")).containsExactly(30.0, 20.0);
        assertThat(durations.getRangeMax()).as("a round number above 4 + 30").isEqualTo(40.0);
        assertThat(StageTrend.tests(job).getBuildTrendModel()).contains("\"#1\"");

        try (JenkinsRule.WebClient web = j.createWebClient()) {
            web.getOptions().setJavaScriptEnabled(false);
            HtmlPage page = web.getPage(job);
            assertThat(page.getByXPath("//section[contains(@class, 'pym-trend')]"))
                    .as("one card")
                    .hasSize(1);
            assertThat(page.getByXPath("//div[contains(@class, 'pym-trend__chart')]"))
                    .as("the last good build tested nothing, so that the junit plugin shows no trend")
                    .hasSize(2);
        }
    }

    @Test
    void aBuildThatOnlyRollsBackIsNoneWithoutTests(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("back");
        Delivery.build(j, job, Story.of(1, "1").accepted("unit", 5, 0, 0));
        Delivery.build(j, job, Story.of(2, "2").rolledBack("1"));
        StageTrendAction trend = job.getAction(StageTrendAction.class);
        assertThat(trend.isShown()).isTrue();
        assertThat(trend.isTested()).as("a single point is no trend").isFalse();
        Delivery.build(j, job, Story.of(3, "3").failed("unit", "CONFIG_INVALID", "there is no Python"));
        Delivery.build(j, job, Story.of(4, "4").accepted("unit", 6, 0, 0));
        Delivery.build(j, job, Story.of(5, "5").rolledBack("3"));
        Delivery.build(j, job, Story.of(6, "6").rolledBack("1"));

        assertThat(trend.isTested()).isTrue();
        LinesChartModel tests = StageTrend.tests(job).model();
        assertThat(tests.getBuildNumbers()).containsExactly(1, 3, 4);
        assertThat(values(tests, "Unit tests")).containsExactly(5.0, 0.0, 6.0);
        assertThat(StageTrend.durations(job).model().getBuildNumbers()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void stagesHaveTheirOrderAndColourBesideOtherStages(JenkinsRule j) throws Exception {
        FreeStyleProject one = j.createFreeStyleProject("one");
        Delivery.build(j, one, Story.shipped(1, "1"));
        Delivery.build(j, one, Story.of(2, "1").rolledBack("1"));
        FreeStyleProject other = j.createFreeStyleProject("other");
        Delivery.build(j, other, Story.of(1, "1").plain("push", 3).plain("build", 4));
        Delivery.build(j, other, Story.of(2, "2").plain("build", 4));

        LinesChartModel all = StageTrend.durations(one).model();
        assertThat(all.getSeries())
                .extracting(LineSeries::getName)
                .containsExactly(
                        "Unit tests",
                        "Build image",
                        "Accept image",
                        "Push image",
                        "Deploy staging",
                        "Accept staging",
                        "Promote to live",
                        "Accept live",
                        "Roll back");
        assertThat(all.getSeries()).extracting(s -> colour(s)).doesNotHaveDuplicates();
        LinesChartModel few = StageTrend.durations(other).model();
        assertThat(few.getSeries()).extracting(LineSeries::getName).containsExactly("Build image", "Push image");
        assertThat(few.getSeries())
                .extracting(s -> colour(s))
                .containsExactly(
                        colour(all.getSeries().get(1)), colour(all.getSeries().get(3)));
    }

    @Test
    void leavesTheTrendOfTestsToTheJunitPlugin(JenkinsRule j) throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("tested");
        Delivery.build(j, job, Story.shipped(1, "1"));
        Delivery.build(j, job, Story.shipped(2, "2"));
        assertThat(job.getAction(StageTrendAction.class).getTrends())
                .extracting(StageTrend::getTitle)
                .containsExactly("Seconds of each stage");
    }

    private static String colour(LineSeries series) {
        return series.getItemStyle().getColor();
    }

    private static List<Double> values(LinesChartModel model, String name) {
        return model.getSeries().stream()
                .filter(s -> s.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getData();
    }
}
