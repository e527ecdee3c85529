package io.jenkins.plugins.pymacaron.jenkins.run;

import hudson.model.Run;
import java.util.UUID;

/** Makes ids of builds: readable, and random, since a name and a number can be given twice. */
final class BuildIds {
    private static final int READABLE = 40;

    private BuildIds() {}

    static String make(Run<?, ?> run) {
        String name = run.getParent().getName().replaceAll("[^A-Za-z0-9._-]", "_");
        return name.substring(0, Math.min(name.length(), READABLE)) + "-" + run.getNumber() + "-"
                + UUID.randomUUID().toString().replace("-", "");
    }
}
