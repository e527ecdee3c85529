package io.jenkins.plugins.pymacaron.jenkins.agent;

import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.io.IOException;

/** Names builds in file names. */
final class RunIds {
    private static final int READABLE = 40;
    private static final int HASH = 16;
    private static final int EARLIER_HASH = 8;

    private RunIds() {}

    /** Returns an id, another one for each service of a build. */
    static String of(Run<?, ?> run, String directory) throws IOException {
        String build = PymacaronRun.idOf(run);
        if (build.isEmpty()) {
            return earlier(run, directory);
        }
        String readable = build.substring(0, build.lastIndexOf('-'));
        return "j-" + readable + "-"
                + Util.getDigestOf(build + "\n" + directory).substring(0, HASH);
    }

    /** Returns the id of a running build that began before builds had ids of their own. */
    private static String earlier(Run<?, ?> run, String directory) {
        String name = run.getParent().getName().replaceAll("[^A-Za-z0-9._-]", "_");
        String readable = name.substring(0, Math.min(name.length(), READABLE));
        String hash =
                Util.getDigestOf(run.getExternalizableId() + "\n" + directory).substring(0, EARLIER_HASH);
        return "j-" + readable + "-" + run.getNumber() + "-" + hash;
    }
}
