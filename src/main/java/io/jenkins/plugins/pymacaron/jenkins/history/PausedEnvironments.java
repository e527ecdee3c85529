package io.jenkins.plugins.pymacaron.jenkins.history;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.XmlFile;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.SaveableListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.pymacaron.jenkins.lock.DeploymentPause;
import io.jenkins.plugins.pymacaron.jenkins.lock.FolderTree;
import io.jenkins.plugins.pymacaron.jenkins.run.RollbackRequest;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * The environments with paused deployments, for the jobs of a folder tree. A requested rollback is allowed. Stored by
 * XStream, a key of {@link FolderTree} with its {@link Pause}.
 */
@Extension
public final class PausedEnvironments implements DeploymentPause, Saveable {
    private static final Logger LOGGER = Logger.getLogger(PausedEnvironments.class.getName());

    private final TreeMap<String, Pause> paused = new TreeMap<>();
    private transient boolean loaded;

    @NonNull
    public static PausedEnvironments get() {
        return ExtensionList.lookupSingleton(PausedEnvironments.class);
    }

    /**
     * Pauses as {@link #pause(String, Job, String, String, Duration)} does, without a reason and until a user resumes.
     */
    public void pause(@NonNull String environment, @NonNull Job<?, ?> job, @NonNull String by) throws IOException {
        pause(environment, job, by, "", Duration.ZERO);
    }

    /**
     * Pauses an environment for all jobs of the folder tree of the job. The caller has checked that the job has
     * deployed there, and the permission on it.
     *
     * @param by the user, as shown
     * @param reason as shown; may be empty
     * @param within the time after which it ends by itself; zero for never
     */
    public synchronized void pause(
            @NonNull String environment,
            @NonNull Job<?, ?> job,
            @NonNull String by,
            @NonNull String reason,
            @NonNull Duration within)
            throws IOException {
        load();
        Instant now = Instant.now();
        long until = within.isZero() ? 0 : now.plus(within).toEpochMilli();
        paused.put(
                FolderTree.key(FolderTree.of(job), environment), new Pause(by, reason, job.getFullName(), now, until));
        save();
    }

    /** Resumes deployments; the conditions are those of {@link #pause}. */
    public synchronized void resume(@NonNull String environment, @NonNull Job<?, ?> job) throws IOException {
        load();
        paused.keySet().removeIf(key -> isOf(key, environment, job));
        save();
    }

    /** Returns the user who paused it for the jobs of that folder tree; empty if it is not paused. */
    @NonNull
    public Optional<String> pausedBy(@NonNull String environment, @NonNull Job<?, ?> job) {
        return find(environment, job).map(Pause::getBy);
    }

    /** Returns the current pause for the jobs of that folder tree; empty if there is none. */
    @NonNull
    public synchronized Optional<Pause> find(@NonNull String environment, @NonNull Job<?, ?> job) {
        load();
        Instant now = Instant.now();
        return paused.entrySet().stream()
                .filter(e -> isOf(e.getKey(), environment, job) && !e.getValue().isOver(now))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * Returns whether the key is that of the environment; an earlier version kept names of environments, for all jobs.
     */
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
                : find(environment, run.getParent()).map(pause -> line(pause, environment, run.getParent()));
    }

    /**
     * Returns the line with a page: the job's own where that shows the environment; otherwise that on which it was
     * paused.
     */
    private String line(Pause pause, String environment, Job<?, ?> job) {
        String page = (isDeployedTo(environment, job) ? Optional.of(job.getUrl()) : page(pause))
                .map(url -> Util.fixNull(Jenkins.get().getRootUrl()) + url + "deployments/")
                .orElseGet(Messages::PausedEnvironments_aPage);
        StringBuilder line = new StringBuilder(
                Messages.PausedEnvironments_paused(EnvironmentNames.shown(environment), pause.getBy()));
        if (!pause.getReason().isEmpty()) {
            line.append(": ").append(pause.getReason());
        }
        Date until = pause.getUntil();
        return line + ". "
                + (until == null
                        ? Messages.PausedEnvironments_resume(page)
                        : Messages.PausedEnvironments_until(until.toInstant().toString(), page));
    }

    private static Optional<String> page(Pause pause) {
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            return Optional.ofNullable(Jenkins.get().getItemByFullName(pause.job(), Job.class))
                    .map(Job::getUrl);
        }
    }

    @Override
    public boolean isDeployedTo(@NonNull String environment, @NonNull Job<?, ?> job) {
        try {
            return DeploymentHistory.of(job).byEnvironment().keySet().stream()
                    .anyMatch(known -> EnvironmentNames.isSame(known, environment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Follows the name of a job or folder. Other jobs of the tree that a job has left stay paused. */
    private synchronized void rename(String oldName, String newName) throws IOException {
        load();
        TreeMap<String, Pause> before = new TreeMap<>(paused);
        before.forEach((key, pause) -> {
            if (pause.job().equals(oldName) || pause.job().startsWith(oldName + "/")) {
                String job = newName + pause.job().substring(oldName.length());
                String newKey = FolderTree.key(FolderTree.of(job), FolderTree.environment(key));
                if (newKey.equals(key) || FolderTree.tree(key).equals(oldName)) {
                    paused.remove(key);
                }
                paused.putIfAbsent(newKey, pause.in(job));
            }
        });
        if (!before.equals(paused)) {
            save();
        }
    }

    private void load() {
        if (!loaded && file().exists()) {
            try {
                if (file().read() instanceof TreeMap<?, ?> kept) {
                    kept.forEach((environment, pause) -> paused.put(
                            environment.toString(), pause instanceof Pause known ? known : Pause.of(pause.toString())));
                }
            } catch (IOException e) {
                // A deployment against the wish of a user would be worse than a failure.
                throw new UncheckedIOException(e);
            }
        }
        loaded = true;
    }

    @Override
    public synchronized void save() throws IOException {
        Instant now = Instant.now();
        paused.values().removeIf(pause -> pause.isOver(now));
        file().write(new TreeMap<>(paused));
        SaveableListener.fireOnChange(this, file());
    }

    private static XmlFile file() {
        return new XmlFile(new File(Jenkins.get().getRootDir(), "pymacaron-paused.xml"));
    }

    /** Follows the names of jobs, which the links to a pause need. */
    @Extension
    public static final class Names extends ItemListener {
        /** Jenkins also calls this for every item in a folder. */
        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            try {
                get().rename(oldFullName, newFullName);
            } catch (IOException | UncheckedIOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot change " + file());
            }
        }
    }
}
