package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One stage of a run.
 *
 * @param key short and stable, as {@code accept-staging}
 * @param name as the user sees it, as {@code Accept staging}
 * @param started absent for a stage that was not begun
 * @param duration so far, where it still runs
 * @param message one line: the reason of a failure or a skip, or the result of the stage
 * @param counts present for stages that run tests
 * @param urls the pages to open, by a short label
 * @param gap present where live was replaced and a client measured it
 */
public record StageSummary(
        String key,
        String name,
        StageState state,
        Optional<Instant> started,
        Duration duration,
        String message,
        Optional<Counts> counts,
        Map<String, String> urls,
        Optional<ServiceGap> gap) {

    public StageSummary {
        duration = duration == null ? Duration.ZERO : duration;
        message = message == null ? "" : message;
        urls = urls == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(urls));
    }

    /** Returns a stage that is still to come. */
    public static StageSummary waiting(String key, String name) {
        return new StageSummary(
                key,
                name,
                StageState.WAITING,
                Optional.empty(),
                Duration.ZERO,
                "",
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }

    public StageSummary begun(Instant at) {
        return new StageSummary(
                key, name, StageState.RUNNING, Optional.of(at), Duration.ZERO, message, counts, urls, gap);
    }

    public StageSummary ended(StageState how, Instant at, String why) {
        Duration took = started.map(s -> Duration.between(s, at)).orElse(Duration.ZERO);
        return new StageSummary(
                key, name, how, started, took.isNegative() ? Duration.ZERO : took, why, counts, urls, gap);
    }

    /** Returns the same stage with another end, as for a promotion that was rolled back later. */
    public StageSummary with(StageState how, String why) {
        return new StageSummary(key, name, how, started, duration, why, counts, urls, gap);
    }

    public StageSummary with(Counts tests) {
        return new StageSummary(key, name, state, started, duration, message, Optional.of(tests), urls, gap);
    }

    public StageSummary with(ServiceGap measured) {
        return new StageSummary(key, name, state, started, duration, message, counts, urls, Optional.of(measured));
    }

    public StageSummary withUrl(String label, String url) {
        Map<String, String> more = new LinkedHashMap<>(urls);
        more.put(label, url);
        return new StageSummary(key, name, state, started, duration, message, counts, more, gap);
    }
}
