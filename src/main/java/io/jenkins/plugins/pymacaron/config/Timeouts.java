package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The time limit of each stage. The keys are {@code unit}, {@code build}, {@code container}, {@code push},
 * {@code staging}, {@code accept_staging}, {@code pre_promote}, {@code promote}, {@code live} and {@code rollback}.
 */
public record Timeouts(Map<String, Duration> byStage) {
    public Timeouts {
        byStage = Map.copyOf(byStage);
    }

    /**
     * Returns the limit.
     *
     * @param stage one of the keys; a dash counts as an underscore
     * @throws IllegalArgumentException for any other
     */
    public Duration of(String stage) {
        Duration timeout = byStage.get(key(stage));
        if (timeout == null) {
            throw new IllegalArgumentException("no stage " + stage + " among " + new TreeMap<>(byStage).keySet());
        }
        return timeout;
    }

    static String key(String stage) {
        return stage.replace('-', '_');
    }

    public Duration unit() {
        return of("unit");
    }

    public Duration build() {
        return of("build");
    }

    public Duration container() {
        return of("container");
    }

    public Duration push() {
        return of("push");
    }

    public Duration staging() {
        return of("staging");
    }

    public Duration acceptStaging() {
        return of("accept_staging");
    }

    public Duration prePromote() {
        return of("pre_promote");
    }

    public Duration promote() {
        return of("promote");
    }

    public Duration live() {
        return of("live");
    }

    public Duration rollback() {
        return of("rollback");
    }
}
