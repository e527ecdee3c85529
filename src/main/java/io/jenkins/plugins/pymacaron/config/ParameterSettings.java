package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the parameters of a run as settings, which are laid over those of the file. */
final class ParameterSettings {
    /** The source that problems with them name. */
    static final String SOURCE = "parameters";

    private ParameterSettings() {}

    static Settings read(Overrides overrides, Problems problems) {
        Settings settings = Settings.EMPTY;
        if (overrides.target().isPresent()) {
            settings =
                    settings.with(ServiceKeys.DEPLOY_TARGET, overrides.target().get(), FilePosition.NONE);
        }
        if (overrides.registry().isPresent()) {
            String text = overrides.registry().get();
            Optional<String> registry = ServiceKeys.REGISTRY
                    .type()
                    .read(ServiceKeys.REGISTRY, new Value.Scalar(text, text, FilePosition.NONE), problems);
            if (registry.isPresent()) {
                settings = settings.with(ServiceKeys.REGISTRY, registry.get(), FilePosition.NONE);
            }
        }
        Optional<List<Integer>> canary = overrides.canary().flatMap(text -> Percentages.read(text, problems));
        if (canary.isPresent()) {
            settings = settings.with(GoogleKeys.CANARY, canary.get(), FilePosition.NONE);
        }
        if (overrides.keepFailed()) {
            settings = settings.with(
                    PipelineKeys.RETENTION,
                    Settings.EMPTY.with(PipelineKeys.KEEP_FAILED, true, FilePosition.NONE),
                    FilePosition.NONE);
        }
        Settings timeouts = Settings.EMPTY;
        for (Map.Entry<String, Duration> entry : overrides.timeouts().entrySet()) {
            timeouts = timeout(timeouts, entry.getKey(), entry.getValue(), problems);
        }
        return overrides.timeouts().isEmpty()
                ? settings
                : settings.with(PipelineKeys.TIMEOUTS, timeouts, FilePosition.NONE);
    }

    private static Settings timeout(Settings timeouts, String stage, Duration timeout, Problems problems) {
        Key<Duration> key = PipelineKeys.stages().get(Timeouts.key(stage));
        if (key == null) {
            problems.error(
                    FilePosition.NONE,
                    "there is no stage " + QuotedText.of(stage) + " to give a timeout",
                    SpellingSuggestion.of(stage, PipelineKeys.stages().keySet())
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("The stages are "
                                    + String.join(", ", PipelineKeys.stages().keySet()) + "."));
            return timeouts;
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(PipelineKeys.LONGEST_STAGE) > 0) {
            problems.error(
                    FilePosition.NONE,
                    "the timeout of " + stage + " must be more than 0 and at most "
                            + Durations.write(PipelineKeys.LONGEST_STAGE),
                    "Give for instance 10m.");
            return timeouts;
        }
        return timeouts.with(key, timeout, FilePosition.NONE);
    }
}
