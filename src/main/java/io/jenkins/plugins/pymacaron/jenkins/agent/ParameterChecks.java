package io.jenkins.plugins.pymacaron.jenkins.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.Durations;
import io.jenkins.plugins.pymacaron.config.Percentages;
import io.jenkins.plugins.pymacaron.config.SpellingSuggestion;
import io.jenkins.plugins.pymacaron.jenkins.config.FormChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Checks the values of parameters before any work, for all kinds of jobs: the user learns of all wrong values at once.
 * The agent checks again what only the configuration decides.
 */
public final class ParameterChecks {
    private ParameterChecks() {}

    /** Returns a line for each wrong value; null stands for a parameter that is not given. */
    @NonNull
    public static List<String> of(
            @CheckForNull String dir,
            @CheckForNull String target,
            @CheckForNull String canary,
            @CheckForNull Map<String, String> timeouts) {
        List<String> problems = new ArrayList<>();
        try {
            ServiceDirectories.normal(dir);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
        problems.addAll(target(target));
        problems.addAll(canary(canary));
        problems.addAll(timeouts(timeouts));
        return problems;
    }

    /** Refuses a call with any of these problems. @throws AbortException with a line for each */
    public static void refuse(@NonNull List<String> problems) throws AbortException {
        if (!problems.isEmpty()) {
            throw new AbortException(String.join("\n", problems));
        }
    }

    @NonNull
    public static List<String> target(@CheckForNull String target) {
        String given = Util.fixNull(target).trim();
        if (given.isEmpty() || DeployTarget.parse(given).isPresent()) {
            return List.of();
        }
        List<String> ids =
                Stream.of(DeployTarget.values()).map(DeployTarget::id).toList();
        return List.of(SpellingSuggestion.of(given, ids)
                .map(near -> Messages.ParameterChecks_targetMeant(given, near))
                .orElseGet(() -> Messages.ParameterChecks_target(given, String.join(", ", ids))));
    }

    @NonNull
    public static List<String> canary(@CheckForNull String steps) {
        String given = Util.fixNull(steps).trim();
        return given.isEmpty() || Percentages.parse(given).isPresent()
                ? List.of()
                : List.of(Messages.ParameterChecks_canary(given));
    }

    /** Checks time limits. @param timeouts by the keys of stages, with - or _ */
    @NonNull
    public static List<String> timeouts(@CheckForNull Map<String, String> timeouts) {
        List<String> problems = new ArrayList<>();
        List<String> stages = FormChecks.stages();
        (timeouts == null ? Map.<String, String>of() : timeouts).forEach((key, time) -> {
            String stage = key.trim().replace('_', '-');
            if (!stages.contains(stage)) {
                problems.add(SpellingSuggestion.of(stage, stages)
                        .map(near -> Messages.ParameterChecks_stageMeant(stage, near))
                        .orElseGet(() -> Messages.ParameterChecks_stage(stage, String.join(", ", stages))));
            }
            if (Durations.parse(time.trim()).isEmpty()) {
                problems.add(Messages.ParameterChecks_timeout(stage, time));
            }
        });
        return problems;
    }
}
