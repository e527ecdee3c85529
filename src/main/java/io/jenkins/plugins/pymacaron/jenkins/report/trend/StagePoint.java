package io.jenkins.plugins.pymacaron.jenkins.report.trend;

import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.ServiceRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results of the stages of one build, those of several services taken together. */
final class StagePoint {
    private final int build;
    private final List<StageRecord> stages;

    private StagePoint(int build, List<StageRecord> stages) {
        this.build = build;
        this.stages = stages;
    }

    /** Returns the newest completed builds that ran a stage, the oldest first. */
    static List<StagePoint> newest(Run<?, ?> last, int most, int searched) {
        List<StagePoint> points = new ArrayList<>();
        Run<?, ?> run = last;
        for (int looked = 0; run != null && looked < searched && points.size() < most; looked++) {
            List<StageRecord> stages = run.isBuilding() ? List.of() : stages(run);
            if (!stages.isEmpty()) {
                points.add(0, new StagePoint(run.getNumber(), stages));
            }
            run = run.getPreviousBuild();
        }
        return points;
    }

    private static List<StageRecord> stages(Run<?, ?> run) {
        return PymacaronRun.find(run).stream()
                .map(PymacaronRun::getServices)
                .flatMap(Collection::stream)
                .map(ServiceRun::getStages)
                .flatMap(Collection::stream)
                .toList();
    }

    /**
     * Returns the builds that ran a stage with tests: a build that only rolls back does not count as one with no tests.
     */
    static List<StagePoint> tested(List<StagePoint> points) {
        Set<String> withTests = points.stream()
                .flatMap(StagePoint::stages)
                .filter(s -> s.getTotal() > 0)
                .map(StageRecord::getStage)
                .collect(Collectors.toSet());
        return points.stream()
                .filter(p -> p.stages().map(StageRecord::getStage).anyMatch(withTests::contains))
                .toList();
    }

    int build() {
        return build;
    }

    Stream<StageRecord> stages() {
        return stages.stream();
    }

    long sum(String stage, ToLongFunction<StageRecord> value) {
        return stages().filter(s -> s.getStage().equals(stage)).mapToLong(value).sum();
    }
}
