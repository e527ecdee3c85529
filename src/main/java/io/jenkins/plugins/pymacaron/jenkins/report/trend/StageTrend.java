package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import edu.hm.hafner.echarts.JacksonFacade;
import edu.hm.hafner.echarts.line.LineSeries;
import edu.hm.hafner.echarts.line.LineSeries.FilledMode;
import edu.hm.hafner.echarts.line.LineSeries.StackedMode;
import edu.hm.hafner.echarts.line.LinesChartModel;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.echarts.AsyncTrendChart;
import io.jenkins.plugins.echarts.JenkinsPalette;
import io.jenkins.plugins.pymacaron.jenkins.config.FormChecks;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.kohsuke.stapler.bind.JavaScriptMethod;

/** A chart over the builds, the oldest at the left, an area for each stage; the page fetches it once it is shown. */
public final class StageTrend implements AsyncTrendChart {
    /** The same number as in the junit plugin. */
    static final int BUILDS = 50;

    /** In a job in which most builds run no stage, not all of its builds are read for a chart. */
    private static final int SEARCHED = 2 * BUILDS;

    /** A colour of Jenkins and its themes that the palette of the plugin echarts-api does not name. */
    private static final String TEAL = "--teal";

    /**
     * The colours of the stages, in order; a stage has the same colour in every job and build. None is red or grey,
     * which mean failed and skipped, or black, which is hardly visible on a dark background.
     */
    private static final Map<String, String> COLOURS = colours(
            JenkinsPalette.GREEN.normal(),
            JenkinsPalette.BLUE.normal(),
            JenkinsPalette.CYAN.normal(),
            JenkinsPalette.INDIGO.normal(),
            JenkinsPalette.PURPLE.normal(),
            JenkinsPalette.YELLOW.normal(),
            JenkinsPalette.PINK.normal(),
            JenkinsPalette.ORANGE.normal(),
            JenkinsPalette.BROWN.normal(),
            TEAL);

    /** The ends of an axis; each divides into four to six equal parts that are round too. */
    private static final List<Double> ROUND = List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0);

    private static final List<String> FAILED =
            List.of(JenkinsPalette.RED.normal(), JenkinsPalette.RED.dark(), JenkinsPalette.RED.light());
    private static final List<String> SKIPPED =
            List.of(JenkinsPalette.GREY.normal(), JenkinsPalette.GREY.dark(), JenkinsPalette.GREY.light());

    private final Job<?, ?> job;
    private final boolean tests;

    private StageTrend(Job<?, ?> job, boolean tests) {
        this.job = job;
        this.tests = tests;
    }

    /** Returns the chart of passed, failed and skipped tests by stage. */
    static StageTrend tests(Job<?, ?> job) {
        return new StageTrend(job, true);
    }

    /** Returns the chart of the seconds that each stage took. */
    static StageTrend durations(Job<?, ?> job) {
        return new StageTrend(job, false);
    }

    private static Map<String, String> colours(String... palette) {
        List<String> stages = FormChecks.stages();
        Map<String, String> colours = new LinkedHashMap<>();
        for (int i = 0; i < stages.size(); i++) {
            colours.put(stages.get(i), palette[i % palette.length]);
        }
        return colours;
    }

    /** Returns the title of the chart for people. */
    @NonNull
    public String getTitle() {
        return tests ? Messages.StageTrend_tests() : Messages.StageTrend_durations();
    }

    /** Returns the page of a build that a click on the chart opens. */
    public String getUrlName() {
        return tests ? "acceptance" : ".";
    }

    @Override
    public boolean isTrendVisible() {
        return true;
    }

    /** Returns JSON that contains titles of stages and numbers, and no text of a test or a service. */
    @JavaScriptMethod
    @Override
    public String getBuildTrendModel() {
        return new JacksonFacade().toJson(model());
    }

    LinesChartModel model() {
        List<StagePoint> all = StagePoint.newest(job.getLastCompletedBuild(), BUILDS, SEARCHED);
        List<StagePoint> points = tests ? StagePoint.tested(all) : all;
        LinesChartModel model = new LinesChartModel();
        model.setDomainAxisLabels(points.stream().map(p -> "#" + p.build()).toList());
        model.setBuildNumbers(points.stream().map(StagePoint::build).toList());
        model.setRangeMin(0);
        if (tests) {
            addTests(model, points);
        } else {
            model.useContinuousRangeAxis();
            stages(points, s -> true).forEach((stage, title) -> {
                model.addSeries(area(title, colour(stage), points, stage, StageRecord::getDurationMillis, 1000));
            });
        }
        model.setRangeMax(ceiling(points, model.getSeries()));
        return model;
    }

    /** Returns a round number not below the highest point: where the axis ends there, no label overlaps another. */
    private static double ceiling(List<StagePoint> points, List<LineSeries> stacked) {
        double highest = IntStream.range(0, points.size())
                .mapToDouble(i -> stacked.stream()
                        .mapToDouble(series -> series.getData().get(i))
                        .sum())
                .max()
                .orElse(0);
        double unit = highest > 0 ? Math.pow(10, Math.floor(Math.log10(highest))) : 1;
        return unit
                * ROUND.stream()
                        .mapToDouble(round -> round)
                        .filter(round -> unit * round >= highest)
                        .findFirst()
                        .orElse(10);
    }

    /**
     * Adds the tests, passed ones at the bottom, so that failures are visible at the top; series without values are
     * left out.
     */
    private static void addTests(LinesChartModel model, List<StagePoint> points) {
        Map<String, String> stages = stages(points, s -> s.getTotal() > 0);
        stages.forEach((stage, title) -> {
            model.addSeries(area(title, colour(stage), points, stage, StageRecord::getPassed, 1));
        });
        int skipped = 0;
        for (Map.Entry<String, String> s : stages.entrySet()) {
            if (points.stream().anyMatch(p -> p.sum(s.getKey(), StageRecord::getSkipped) > 0)) {
                String title = Messages.StageTrend_skipped(s.getValue());
                String colour = SKIPPED.get(skipped++ % SKIPPED.size());
                model.addSeries(area(title, colour, points, s.getKey(), StageRecord::getSkipped, 1));
            }
        }
        int failed = 0;
        for (Map.Entry<String, String> s : stages.entrySet()) {
            ToLongFunction<StageRecord> bad = r -> r.getFailed() + r.getErrors();
            if (points.stream().anyMatch(p -> p.sum(s.getKey(), bad) > 0)) {
                String title = Messages.StageTrend_failed(s.getValue());
                model.addSeries(area(title, FAILED.get(failed++ % FAILED.size()), points, s.getKey(), bad, 1));
            }
        }
    }

    /** Returns the name of a CSS custom property, which themes set. */
    static String colour(String stage) {
        return COLOURS.getOrDefault(stage, JenkinsPalette.BROWN.normal());
    }

    /** Makes an area with all values at once: a value that is added to a series comes before the existing ones. */
    private static LineSeries area(
            String title,
            String colour,
            List<StagePoint> points,
            String stage,
            ToLongFunction<StageRecord> value,
            double unit) {
        List<Double> values =
                points.stream().map(p -> p.sum(stage, value) / unit).toList();
        return new LineSeries(title, colour, StackedMode.STACKED, FilledMode.FILLED, values);
    }

    /**
     * Returns titles by key, in the order of a deployment for all builds, then those that this version does not know.
     */
    private static Map<String, String> stages(List<StagePoint> points, Predicate<StageRecord> shown) {
        Map<String, String> found = new LinkedHashMap<>();
        points.forEach(point -> point.stages().filter(shown).forEach(s -> found.put(s.getStage(), s.getTitle())));
        Map<String, String> ordered = new LinkedHashMap<>();
        COLOURS.keySet().stream().filter(found::containsKey).forEach(stage -> ordered.put(stage, found.get(stage)));
        found.forEach(ordered::putIfAbsent);
        return ordered;
    }
}
