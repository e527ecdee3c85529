package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.pymacaron.jenkins.lock.DeploymentPause;
import io.jenkins.plugins.pymacaron.jenkins.lock.FolderTree;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.target.EnvironmentNames;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jenkins.model.Jenkins;

/**
 * The environments that no job of a folder tree is to deploy to for a while. A requested rollback goes through. Stored by
 * XStream, a key of {@link FolderTree} with the name of the user who paused it.
 */
@Extension
public final class PausedEnvironments implements DeploymentPause, Saveable {
    private final TreeMap<String, String> paused = new TreeMap<>();
    private transient boolean loaded;

    @NonNull
    public static PausedEnvironments get() {
        return ExtensionList.lookupSingleton(PausedEnvironments.class);
    }

    /**
     * Pauses it for all jobs of the folder tree that the job is in. The caller has checked that the job has deployed there,
     * and the permission on it.
     *
     * @param by who wants it, as shown
     */
    public synchronized void pause(@NonNull String environment, @NonNull Job<?, ?> job, @NonNull String by)
            throws IOException {
        load();
        paused.put(FolderTree.key(FolderTree.of(job), environment), by);
        save();
    }

    /** As {@link #pause}. */
    public synchronized void resume(@NonNull String environment, @NonNull Job<?, ?> job) throws IOException {
        load();
        paused.keySet().removeIf(key -> isOf(key, environment, job));
        save();
    }

    /** Who paused it for the jobs of that folder tree; empty if nobody did. */
    @NonNull
    public synchronized Optional<String> pausedBy(@NonNull String environment, @NonNull Job<?, ?> job) {
        load();
        return paused.entrySet().stream()
                .filter(e -> isOf(e.getKey(), environment, job))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** An earlier version kept names of environments, for all jobs. */
    private static boolean isOf(String key, String environment, Job<?, ?> job) {
        String kept = FolderTree.environment(key);
        boolean everywhere = kept.equals(key) && kept.indexOf(':') < 0;
        return (everywhere || FolderTree.tree(key).equals(FolderTree.of(job)))
                && EnvironmentNames.isSame(kept, environment);
    }

    @NonNull
    @Override
    public Optional<String> whyPaused(@NonNull String environment, @NonNull Run<?, ?> run) {
        return RollbackRequest.of(run).isPresent()
                ? Optional.empty()
                : pausedBy(environment, run.getParent())
                        .map(by -> Messages.PausedEnvironments_paused(
                                EnvironmentNames.shown(environment),
                                by,
                                run.getParent().getFullDisplayName()));
    }

    private void load() {
        if (!loaded && file().exists()) {
            try {
                if (file().read() instanceof TreeMap<?, ?> kept) {
                    kept.forEach((environment, by) -> paused.put(environment.toString(), by.toString()));
                }
            } catch (IOException e) {
                // To deploy where somebody wanted that nobody does would be worse than to fail.
                throw new UncheckedIOException(e);
            }
        }
        loaded = true;
    }

    @Override
    public synchronized void save() throws IOException {
        file().write(new TreeMap<>(paused));
        SaveableListener.fireOnChange(this, file());
    }

    private static XmlFile file() {
        return new XmlFile(new File(Jenkins.get().getRootDir(), "pymacaron-paused.xml"));
    }
}
