package io.jenkins.plugins.pymacaron.jenkins.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.pymacaron.config.Durations;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The time limit of a stage: a row of the table that forms show where files and Pipelines have lines. */
public final class StageTimeout implements Describable<StageTimeout> {
    /** The name of the table in forms. */
    private static final String TABLE = "timeoutTable";

    private final String stage;
    private final String time;

    @DataBoundConstructor
    public StageTimeout(@CheckForNull String stage, @CheckForNull String time) {
        this.stage = Util.fixNull(stage).trim();
        this.time = Util.fixNull(time).trim();
    }

    @NonNull
    public String getStage() {
        return stage;
    }

    @NonNull
    public String getTime() {
        return time;
    }

    /** Returns the limits of stages by their keys. */
    @NonNull
    public static List<StageTimeout> table(@CheckForNull Map<String, String> timeouts) {
        return timeouts == null
                ? List.of()
                : timeouts.entrySet().stream()
                        .map(line -> new StageTimeout(line.getKey().replace('_', '-'), line.getValue()))
                        .toList();
    }

    /**
     * Takes the table out of a submitted form, so that the rest has the fields of its class.
     *
     * @return times by stages; empty if the form has lines instead, as one that a program sends
     */
    @NonNull
    public static Optional<Map<String, String>> take(@NonNull JSONObject form) {
        if (form.has("timeouts")) {
            return Optional.empty();
        }
        Map<String, String> timeouts = new LinkedHashMap<>();
        for (Object row : JSONArray.fromObject(form.has(TABLE) ? form.remove(TABLE) : new JSONArray())) {
            if (row instanceof JSONObject one && !one.optString("time").isBlank()) {
                timeouts.put(
                        one.optString("stage").trim(), one.optString("time").trim());
            }
        }
        return Optional.of(timeouts);
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<StageTimeout> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.StageTimeout_displayName();
        }

        /** Fills the list of stages. @param stage the present choice, which may be a stage that no longer exists */
        @RequirePOST
        @SuppressWarnings("lgtm[jenkins/no-permission-check]") // It is the same for every user.
        public ListBoxModel doFillStageItems(@QueryParameter String stage) {
            ListBoxModel items = new ListBoxModel();
            for (Stage known : Stage.values()) {
                if (known != Stage.PREFLIGHT) {
                    items.add(known.title(), known.key());
                }
            }
            String chosen = Util.fixNull(stage).trim();
            if (!chosen.isEmpty() && items.stream().noneMatch(item -> item.value.equals(chosen))) {
                items.add(Messages.StageTimeout_unknown(chosen), chosen);
            }
            return items;
        }

        @RequirePOST
        @SuppressWarnings("lgtm[jenkins/no-permission-check]") // It checks only the typed text.
        public FormValidation doCheckStage(@QueryParameter String value) {
            String chosen = Util.fixNull(value).trim().replace('_', '-');
            return chosen.isEmpty() || FormChecks.stages().contains(chosen)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.FormChecks_stage(chosen, String.join(", ", FormChecks.stages())));
        }

        @RequirePOST
        @SuppressWarnings("lgtm[jenkins/no-permission-check]") // It checks only the typed text.
        public FormValidation doCheckTime(@QueryParameter String value, @QueryParameter String stage) {
            String time = Util.fixNull(value).trim();
            return time.isEmpty() || Durations.parse(time).isPresent()
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.FormChecks_timeout(Util.fixNull(stage)));
        }
    }
}
