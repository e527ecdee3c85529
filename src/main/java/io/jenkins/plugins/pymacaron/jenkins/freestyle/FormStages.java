package io.jenkins.plugins.pymacaron.jenkins.freestyle;

import io.jenkins.plugins.pymacaron.jenkins.run.BuildOrigin;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Decides which stages run, by the form and by the rights of a build's origin. */
final class FormStages {
    private FormStages() {}

    /** Returns the stages of a deployment, in their order. A change request is tested, and goes no further. */
    static List<Stage> of(PymacaronBuilder form, BuildOrigin origin) {
        Set<Stage> without = leftOut(form);
        if (!origin.mayShip()) {
            // It is not deployed, so it needs nothing that a deployment needs.
            without.add(Stage.PREFLIGHT);
        }
        return Stage.upTo(last(form, origin), without);
    }

    /** Returns the stages of an image that exists: the same, but for those that make an image. */
    static List<Stage> ofExisting(PymacaronBuilder form) {
        Set<Stage> without = leftOut(form);
        without.addAll(EnumSet.of(Stage.PREFLIGHT, Stage.UNIT, Stage.CONTAINER, Stage.PUSH));
        return Stage.upTo(Stage.ACCEPT_LIVE, without);
    }

    /** Returns what the form leaves out. */
    static Set<Stage> leftOut(PymacaronBuilder form) {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        add(stages, Stage.UNIT, form.isSkipUnit());
        add(stages, Stage.CONTAINER, form.isSkipContainer());
        add(stages, Stage.PUSH, form.isKeepImageLocal());
        add(stages, Stage.ACCEPT_STAGING, form.isSkipStaging());
        add(stages, Stage.ACCEPT_LIVE, form.isSkipLive());
        return stages;
    }

    private static void add(Set<Stage> stages, Stage stage, boolean wanted) {
        if (wanted) {
            stages.add(stage);
        }
    }

    private static Stage last(PymacaronBuilder form, BuildOrigin origin) {
        if (!origin.mayShip()) {
            return Stage.CONTAINER;
        }
        LastStage until = LastStage.of(form.getUntil());
        if (until == LastStage.PUSH) {
            return Stage.PUSH;
        }
        return until == LastStage.LIVE && origin.mayGoLive(List.of()) ? Stage.ACCEPT_LIVE : Stage.ACCEPT_STAGING;
    }
}
