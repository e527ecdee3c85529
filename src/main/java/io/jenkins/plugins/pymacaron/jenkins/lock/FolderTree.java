package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;

/**
 * The folder at the top that a job is in, with all that is below it: those who share environments. What one team pauses
 * or holds does not stop another one, whose jobs are in another tree.
 */
public final class FolderTree {
    private static final String END = "|";

    private FolderTree() {}

    /** Empty for a job that is in no folder; all of these are one tree. */
    @NonNull
    public static String of(@NonNull Job<?, ?> job) {
        return of(job.getFullName());
    }

    /** @param fullName of a job or of a build, such as {@code team/hello#3} */
    static String of(String fullName) {
        int slash = fullName.indexOf('/');
        return slash < 0 ? "" : fullName.substring(0, slash);
    }

    /** The environment, as the jobs of that tree know it. */
    @NonNull
    public static String key(@NonNull String tree, @NonNull String environment) {
        return tree.isEmpty() ? environment : tree + END + environment;
    }

    /** The environment of a {@link #key}. No folder's name holds the sign between the two (Jenkins.checkGoodName). */
    @NonNull
    public static String environment(@NonNull String key) {
        return key.substring(key.indexOf(END) + 1);
    }

    /** The tree of a {@link #key}; empty also for what is of no folder. */
    @NonNull
    public static String tree(@NonNull String key) {
        return key.substring(0, Math.max(0, key.indexOf(END)));
    }
}
