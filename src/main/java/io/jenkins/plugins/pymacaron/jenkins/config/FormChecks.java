package io.jenkins.plugins.pymacaron.jenkins.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.pymacaron.config.Durations;
import io.jenkins.plugins.pymacaron.config.Percentages;
import io.jenkins.plugins.pymacaron.pipeline.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What several forms check of what is typed in. Looks at nothing else, so that it needs no permission. */
public final class FormChecks {
    private FormChecks() {}

    /** @param lines {@code stage=time} each */
    @NonNull
    public static FormValidation timeouts(@CheckForNull String lines) {
        List<String> stages = stages();
        for (Map.Entry<String, String> line : Lines.parse(Util.fixNull(lines)).entrySet()) {
            if (!stages.contains(line.getKey().replace('_', '-'))) {
                return FormValidation.error(Messages.FormChecks_stage(line.getKey(), String.join(", ", stages)));
            }
            if (Durations.parse(line.getValue()).isEmpty()) {
                return FormValidation.error(Messages.FormChecks_timeout(line.getKey()));
            }
        }
        return FormValidation.ok();
    }

    /** @param steps as 5, 25, 50; empty for those of the configuration, or a parameter that only a build has */
    @NonNull
    public static FormValidation canary(@CheckForNull String steps) {
        String given = Util.fixNull(steps).trim();
        return given.isEmpty()
                        || given.startsWith("$")
                        || Percentages.parse(given).isPresent()
                ? FormValidation.ok()
                : FormValidation.error(Messages.FormChecks_canary());
    }

    /** The keys of all that take their time. */
    @NonNull
    public static List<String> stages() {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.PREFLIGHT)
                .map(Stage::key)
                .toList();
    }
}
