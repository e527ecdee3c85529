package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.pymacaron.jenkins.lock.DeploymentPause;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.TreeMap;
import jenkins.model.Jenkins;

/** The environments that nobody is to deploy to for a while, whichever job it is. A requested rollback goes through. */
@Extension
public final class PausedEnvironments implements DeploymentPause, Saveable {
    private final TreeMap<String, String> paused = new TreeMap<>();
    private transient boolean loaded;

    @NonNull
    public static PausedEnvironments get() {
        return ExtensionList.lookupSingleton(PausedEnvironments.class);
    }

    /** @param by who wants it, as shown */
    public synchronized void pause(@NonNull String environment, @NonNull String by) throws IOException {
        load();
        paused.put(environment, by);
        save();
    }

    public synchronized void resume(@NonNull String environment) throws IOException {
        load();
        paused.remove(environment);
        save();
    }

    /** Who paused it; empty if nobody did. */
    @NonNull
    public synchronized Optional<String> pausedBy(@NonNull String environment) {
        load();
        return Optional.ofNullable(paused.get(environment));
    }

    @NonNull
    @Override
    public Optional<String> whyPaused(@NonNull String environment, @NonNull Run<?, ?> run) {
        return RollbackRequest.of(run).isPresent()
                ? Optional.empty()
                : pausedBy(environment)
                        .map(by -> Messages.PausedEnvironments_paused(
                                environment, by, run.getParent().getFullDisplayName()));
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
