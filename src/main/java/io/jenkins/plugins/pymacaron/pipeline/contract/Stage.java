package io.jenkins.plugins.pymacaron.pipeline.contract;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The stages of a deployment, in their order, under the names that users see. */
public enum Stage {
    PREFLIGHT("preflight", "Preflight"),
    UNIT("unit", "Unit tests"),
    BUILD("build", "Build image"),
    CONTAINER("container", "Accept image"),
    PUSH("push", "Push image"),
    STAGING("staging", "Deploy staging"),
    ACCEPT_STAGING("accept-staging", "Accept staging"),
    PRE_PROMOTE("pre-promote", "Before promotion"),
    PROMOTE("promote", "Promote to live"),
    ACCEPT_LIVE("live", "Accept live"),
    ROLLBACK("rollback", "Roll back");

    private final String key;
    private final String title;

    Stage(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /**
     * Returns the stages of a deployment in their order: the one list for the command, a Pipeline and a form.
     *
     * @param last the deployment ends after it
     * @param leftOut those before it that do not run
     */
    public static List<Stage> upTo(Stage last, Set<Stage> leftOut) {
        EnumSet<Stage> stages = EnumSet.range(PREFLIGHT, last);
        stages.removeAll(leftOut);
        return List.copyOf(stages);
    }

    public static Optional<Stage> ofKey(String key) {
        return Arrays.stream(values()).filter(stage -> stage.key.equals(key)).findFirst();
    }

    /** Returns the name in options, files and reports. */
    public String key() {
        return key;
    }

    public String title() {
        return title;
    }
}
