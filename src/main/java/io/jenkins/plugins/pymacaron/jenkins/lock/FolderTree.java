package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folder at the top that a job is in, with everything below it. Its jobs share environments. A pause or a hold of
 * one team does not stop another team, whose jobs are in another tree.
 */
public final class FolderTree {
    private static final String END = "|";

    private FolderTree() {}

    /** Returns the tree; empty for a job that is in no folder; all of these are one tree. */
    @NonNull
    public static String of(@NonNull Job<?, ?> job) {
        return of(job.getFullName());
    }

    /** Returns the tree. @param fullName of a job or of a build, such as {@code team/hello#3} */
    @NonNull
    public static String of(@NonNull String fullName) {
        int slash = fullName.indexOf('/');
        return slash < 0 ? "" : fullName.substring(0, slash);
    }

    /** Returns the key of an environment in that tree. */
    @NonNull
    public static String key(@NonNull String tree, @NonNull String environment) {
        return tree.isEmpty() ? environment : tree + END + environment;
    }

    /**
     * Returns the keys of environments in the tree of a build.
     *
     * @param build its externalizable id
     */
    static Set<String> keys(String build, Collection<String> environments) {
        return environments.stream().map(name -> key(of(build), name)).collect(Collectors.toSet());
    }

    /** Returns whether both keys can be of the same environment in the same tree. */
    static boolean isSame(String key, String other) {
        return tree(key).equals(tree(other)) && EnvironmentNames.isSame(environment(key), environment(other));
    }

    /** Returns the environment of a {@link #key}. No folder's name contains the separator (Jenkins.checkGoodName). */
    @NonNull
    public static String environment(@NonNull String key) {
        return key.substring(key.indexOf(END) + 1);
    }

    /** Returns the tree of a {@link #key}; empty also for a key without a folder. */
    @NonNull
    public static String tree(@NonNull String key) {
        return key.substring(0, Math.max(0, key.indexOf(END)));
    }
}
