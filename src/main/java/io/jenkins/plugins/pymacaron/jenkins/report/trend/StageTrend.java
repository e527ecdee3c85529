package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import edu.hm.hafner.echarts.JacksonFacade;
import edu.hm.hafner.echarts.line.LineSeries;
import edu.hm.hafner.echarts.line.LineSeries.FilledMode;
import edu.hm.hafner.echarts.line.LineSeries.StackedMode;
import edu.hm.hafner.echarts.line.LinesChartModel;
import hudson.model.Job;
import io.jenkins.plugins.echarts.AsyncTrendChart;
import io.jenkins.plugins.echarts.JenkinsPalette;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.kohsuke.stapler.bind.JavaScriptMethod;

/** A chart of one number over the builds, an area for each stage; the page fetches it once it is shown. */
public final class StageTrend implements AsyncTrendChart {
    /** As the junit plugin shows. */
    static final int BUILDS = 50;

    /** In a job of which most builds run no stage, not all of its builds are read for a chart. */
    private static final int SEARCHED = 2 * BUILDS;

    /** Neither red nor green, which say in a chart what went wrong. */
    private static final List<JenkinsPalette> COLOURS = List.of(
            JenkinsPalette.BLUE,
            JenkinsPalette.CYAN,
            JenkinsPalette.INDIGO,
            JenkinsPalette.PURPLE,
            JenkinsPalette.PINK,
            JenkinsPalette.ORANGE,
            JenkinsPalette.YELLOW,
            JenkinsPalette.BROWN,
            JenkinsPalette.GREY);

    private final Job<?, ?> job;
    private final String urlName;
    private final Predicate<StageRecord> shown;
    private final ToLongFunction<StageRecord> value;
    private final double unit;
    private final boolean failures;

    private StageTrend(
            Job<?, ?> job,
            String urlName,
            Predicate<StageRecord> shown,
            ToLongFunction<StageRecord> value,
            double unit,
            boolean failures) {
        this.job = job;
        this.urlName = urlName;
        this.shown = shown;
        this.value = value;
        this.unit = unit;
        this.failures = failures;
    }

    /** How many tests each stage ran, with a line for those that failed. */
    static StageTrend tests(Job<?, ?> job) {
        return new StageTrend(job, "acceptance", s -> s.getTotal() > 0, StageRecord::getTotal, 1, true);
    }

    /** How many seconds each stage took. */
    static StageTrend durations(Job<?, ?> job) {
        return new StageTrend(job, ".", s -> true, StageRecord::getDurationMillis, 1000, false);
    }

    /** Which page of a build a click on the chart opens. */
    public String getUrlName() {
        return urlName;
    }

    @Override
    public boolean isTrendVisible() {
        return true;
    }

    /** Answers JSON that holds titles of stages, numbers, and nothing that a test or a service has written. */
    @JavaScriptMethod
    @Override
    public String getBuildTrendModel() {
        return new JacksonFacade().toJson(model());
    }

    LinesChartModel model() {
        List<StagePoint> points = StagePoint.newest(job.getLastCompletedBuild(), BUILDS, SEARCHED);
        LinesChartModel model = new LinesChartModel();
        model.setDomainAxisLabels(points.stream().map(p -> "#" + p.build()).toList());
        model.setBuildNumbers(points.stream().map(StagePoint::build).toList());
        model.setRangeMin(0);
        if (unit > 1) {
            model.useContinuousRangeAxis();
        }
        stages(points).forEach((stage, title) -> {
            String colour =
                    COLOURS.get(model.getSeries().size() % COLOURS.size()).normal();
            LineSeries area = new LineSeries(title, colour, StackedMode.STACKED, FilledMode.FILLED);
            points.forEach(p -> area.add(p.sum(stage, value) / unit));
            model.addSeries(area);
        });
        if (failures) {
            LineSeries failed = new LineSeries(
                    Messages.StageTrend_failed(),
                    JenkinsPalette.RED.normal(),
                    StackedMode.SEPARATE_LINES,
                    FilledMode.LINES);
            points.forEach(p -> failed.add(
                    p.stages().mapToLong(s -> s.getFailed() + s.getErrors()).sum()));
            model.addSeries(failed);
        }
        return model;
    }

    /** Titles by key in the order in which the newest build ran them, then those that only older ones ran. */
    private Map<String, String> stages(List<StagePoint> oldestFirst) {
        Map<String, String> stages = new LinkedHashMap<>();
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            oldestFirst.get(i).stages().filter(shown).forEach(s -> stages.putIfAbsent(s.getStage(), s.getTitle()));
        }
        return stages;
    }
}
