package io.jenkins.plugins.pymacaron.jenkins.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.Percentages;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.util.Arrays;
import java.util.List;

/** Checks of typed text that several forms share. They look at nothing else, so that they need no permission. */
public final class FormChecks {
    private FormChecks() {}

    /** Returns the targets for a list to choose from; the first entry means the service's configuration. */
    @NonNull
    public static ListBoxModel targets() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.FormChecks_targetOfConfig(), "");
        items.add(Messages.FormChecks_docker(), DeployTarget.DOCKER.id());
        items.add(Messages.FormChecks_beanstalk(), DeployTarget.BEANSTALK.id());
        items.add(Messages.FormChecks_cloudRun(), DeployTarget.CLOUD_RUN.id());
        items.add(Messages.FormChecks_gke(), DeployTarget.GKE.id());
        return items;
    }

    /**
     * Checks a canary.
     *
     * @param steps as 5, 25, 50; empty for those of the configuration, or a parameter that only a build has
     */
    @NonNull
    public static FormValidation canary(@CheckForNull String steps) {
        String given = Util.fixNull(steps).trim();
        return given.isEmpty()
                        || given.startsWith("$")
                        || Percentages.parse(given).isPresent()
                ? FormValidation.ok()
                : FormValidation.error(Messages.FormChecks_canary());
    }

    /** Returns the keys of all stages with a time limit. */
    @NonNull
    public static List<String> stages() {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.PREFLIGHT)
                .map(Stage::key)
                .toList();
    }
}
