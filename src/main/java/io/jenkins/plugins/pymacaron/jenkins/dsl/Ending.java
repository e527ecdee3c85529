package io.jenkins.plugins.pymacaron.jenkins.dsl;

import hudson.model.Run;
import java.util.Map;

/** What is left to do when a deployment has ended, however it did. */
public final class Ending {
    private Ending() {}

    public static void of(Run<?, ?> run, Map<String, Object> order) {}
}
