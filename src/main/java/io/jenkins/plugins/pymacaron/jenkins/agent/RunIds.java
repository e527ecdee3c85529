package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.Util;
import hudson.model.Run;

/** Builds under names that go into file names. */
final class RunIds {
    private static final int READABLE = 40;

    private RunIds() {}

    /** Another one for each service of a build. */
    static String of(Run<?, ?> run, String directory) {
        String name = run.getParent().getName().replaceAll("[^A-Za-z0-9._-]", "_");
        String readable = name.substring(0, Math.min(name.length(), READABLE));
        String hash =
                Util.getDigestOf(run.getExternalizableId() + "\n" + directory).substring(0, 8);
        return "j-" + readable + "-" + run.getNumber() + "-" + hash;
    }
}
