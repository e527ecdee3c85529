package io.jenkins.plugins.pymacaron.jenkins.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.pymacaron.jenkins.agent.StageOrder;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import io.jenkins.plugins.pymacaron.jenkins.run.StageRecord;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Runs the tests in {@code testaccept/} against the image in a container, against staging or against live. */
public final class PymAcceptStep extends TestingStep {
    private static final List<String> PLACES = List.of("container", "staging", "live");

    private String on;

    @DataBoundConstructor
    public PymAcceptStep() {
        // All parameters are optional.
    }

    @NonNull
    @Override
    List<String> problems() {
        List<String> problems = super.problems();
        if (on != null && !PLACES.contains(on)) {
            problems.add(Messages.PymAcceptStep_on(on));
        }
        return problems;
    }

    @Override
    List<StageOrder> orders(StageOrder common, Run<?, ?> run) {
        String place = on == null ? last(run, common.getDirectory()) : on;
        String stage = place.equals("staging") ? "accept-staging" : place;
        // The version before is kept for a rollback until live has passed.
        return List.of(judging(common.forStage(stage)).last(stage.equals("live")));
    }

    /** Returns the slot to which this build has last deployed the service. */
    private static String last(Run<?, ?> run, String directory) {
        String place = "container";
        List<StageRecord> stages = PymacaronRun.find(run)
                .flatMap(r -> r.find(directory))
                .map(s -> s.getStages())
                .orElse(List.of());
        for (StageRecord stage : stages) {
            switch (stage.getStage()) {
                case "staging" -> place = "staging";
                case "promote", "rollback" -> place = "live";
                default -> {
                    // It deploys it nowhere.
                }
            }
        }
        return place;
    }

    @CheckForNull
    public String getOn() {
        return on;
    }

    @DataBoundSetter
    public void setOn(@CheckForNull String on) {
        this.on = Util.fixEmptyAndTrim(on);
    }

    @Extension
    public static final class DescriptorImpl extends TestingDescriptor {
        public DescriptorImpl() {
            super("pymAccept", Messages.PymAcceptStep_displayName());
        }

        @SuppressWarnings("lgtm[jenkins/no-permission-check]") // It is the same for every user.
        public ListBoxModel doFillOnItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.PymAcceptStep_onLast(), "");
            items.add(Messages.PymAcceptStep_onContainer(), "container");
            items.add(Messages.PymAcceptStep_onStaging(), "staging");
            items.add(Messages.PymAcceptStep_onLive(), "live");
            return items;
        }
    }
}
