package io.jenkins.plugins.pymacaron.config;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the keys and parameters that have no effect on the current targets, by the table of keys. */
final class IneffectiveKeys {
    /** The targets of the parameter that records the calls of a cloud. */
    private static final Set<DeployTarget> RECORDED = EnumSet.complementOf(EnumSet.of(DeployTarget.DOCKER));

    private final Problems problems;
    private final Overrides overrides;

    IneffectiveKeys(Problems problems, Overrides overrides) {
        this.problems = problems;
        this.overrides = overrides;
    }

    void check(PymConfig base, Collection<PymConfig> slots) {
        if (!overrides.target().isEmpty()) {
            // The file is written for another target, which is left out this time.
            parameters(EnumSet.of(overrides.target().get()));
            return;
        }
        Set<DeployTarget> all = EnumSet.noneOf(DeployTarget.class);
        for (PymConfig slot : slots) {
            if (slot.settings().hasUnusable(ServiceKeys.DEPLOY_TARGET)) {
                return;
            }
            all.add(slot.target());
            check(slot.block(), EnumSet.of(slot.target()));
        }
        check(base.settings(), all);
        parameters(all);
    }

    /** Checks settings. A parameter has no place in the file, and is reported separately. */
    private void check(Settings settings, Set<DeployTarget> targets) {
        for (Key<?> key : Keys.ALL) {
            if (!(key == GoogleKeys.CANARY && overrides.canary().isPresent())) {
                check(settings, key, "", targets);
            }
        }
        settings.find(PipelineKeys.RETENTION).ifPresent(retention -> PipelineKeys.RETENTION_SECTION
                .keys()
                .forEach(key -> check(retention, key, "retention.", targets)));
    }

    private void check(Settings settings, Key<?> key, String block, Set<DeployTarget> targets) {
        if (settings.find(key).isPresent() && isIdle(key.onlyFor(), targets)) {
            problems.error(settings.at(key), block + key + without(key.onlyFor(), targets), "Remove it.");
        }
    }

    private void parameters(Set<DeployTarget> targets) {
        if (overrides.canary().isPresent()) {
            parameter("canary", GoogleKeys.CANARY.onlyFor(), targets);
        }
        if (overrides.recorded()) {
            parameter("record (PYM_RECORD)", RECORDED, targets);
        }
    }

    private void parameter(String name, Set<DeployTarget> onlyFor, Set<DeployTarget> targets) {
        if (isIdle(onlyFor, targets)) {
            Problems own = new Problems(ParameterSettings.SOURCE);
            own.error(
                    FilePosition.NONE, name + without(onlyFor, targets), "Leave it out, or deploy to another target.");
            problems.addAll(own);
        }
    }

    private static boolean isIdle(Set<DeployTarget> onlyFor, Set<DeployTarget> targets) {
        return !onlyFor.isEmpty() && onlyFor.stream().noneMatch(targets::contains);
    }

    private static String without(Set<DeployTarget> onlyFor, Set<DeployTarget> targets) {
        return " has no effect on " + titles(targets) + ", only on " + titles(onlyFor);
    }

    private static String titles(Set<DeployTarget> targets) {
        return targets.stream().map(DeployTarget::title).sorted().collect(Collectors.joining(" and "));
    }
}
