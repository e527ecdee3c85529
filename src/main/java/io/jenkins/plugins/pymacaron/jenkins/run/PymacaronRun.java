package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Run;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The record of a build, service by service: steps find the results of earlier steps in it, and the pages show it. It
 * is saved with the build at each change.
 */
@ExportedBean(defaultVisibility = 2)
public final class PymacaronRun implements RunAction2 {
    private static final Logger LOGGER = Logger.getLogger(PymacaronRun.class.getName());

    /** It is never the id of another build; empty for a build that an earlier version of this class has begun. */
    private String id;

    private List<ServiceRun> services = new CopyOnWriteArrayList<>();
    /** The names in env_secrets, separated by blanks, by directory and file, from the first read. */
    private Map<String, String> secretNames = new ConcurrentHashMap<>();

    private transient Run<?, ?> run;
    private transient volatile boolean saved;

    private PymacaronRun(String id) {
        this.id = id;
    }

    private Object readResolve() {
        id = Util.fixNull(id);
        services = services == null ? new CopyOnWriteArrayList<>() : services;
        services.removeIf(Objects::isNull);
        secretNames = secretNames == null ? new ConcurrentHashMap<>() : secretNames;
        return this;
    }

    /** Returns the record of a build, made if it has none yet. */
    @NonNull
    public static PymacaronRun of(@NonNull Run<?, ?> run) {
        synchronized (run) {
            return find(run).orElseGet(() -> {
                PymacaronRun begun = new PymacaronRun(BuildIds.make(run));
                run.addAction(begun);
                return begun;
            });
        }
    }

    /** Returns the record of a build, if it has done anything. */
    @SuppressWarnings("deprecation")
    public static Optional<PymacaronRun> find(@NonNull Run<?, ?> run) {
        // Only stored actions are read: getAction asks the factories too, which ask this.
        return run.getActions().stream()
                .filter(PymacaronRun.class::isInstance)
                .map(PymacaronRun.class::cast)
                .findFirst();
    }

    /**
     * Returns the id that distinguishes a build from every other one, even from one of the same name and number: that
     * of a job that was made anew, or of a restored home. It is on the disk before it is returned.
     *
     * @return letters, digits, dots, dashes and underscores; empty for a build that an earlier version has begun
     */
    @NonNull
    public static String idOf(@NonNull Run<?, ?> run) throws IOException {
        PymacaronRun all = of(run);
        if (!all.saved) {
            run.save();
            all.saved = true;
        }
        return all.id;
    }

    /**
     * Returns the id as {@link #idOf} does, without making one: a build that has begun nothing has no id of another
     * build.
     */
    @NonNull
    public static Optional<String> knownIdOf(@NonNull Run<?, ?> run) {
        return find(run).map(all -> all.id);
    }

    /** Returns the names of the secrets of a service, if the controller has read them in this build already. */
    @NonNull
    public Optional<Collection<String>> secretNames(@NonNull String directory, @NonNull String file) {
        return Optional.ofNullable(secretNames.get(directory + "/" + file))
                .map(names -> names.isEmpty() ? List.of() : List.of(names.split(" ")));
    }

    /** Keeps them for the rest of the build: later changes in the workspace do not count. */
    @NonNull
    public Collection<String> secretNames(
            @NonNull String directory, @NonNull String file, @NonNull Collection<String> names) throws IOException {
        secretNames.putIfAbsent(directory + "/" + file, String.join(" ", names));
        save();
        return secretNames(directory, file).orElseThrow();
    }

    @Exported
    public List<ServiceRun> getServices() {
        return Collections.unmodifiableList(services);
    }

    public Optional<ServiceRun> find(@NonNull String directory) {
        return services.stream().filter(s -> s.getDirectory().equals(directory)).findFirst();
    }

    /** Changes the record of a service, begun if it is new, and saves it. */
    @NonNull
    public ServiceRun change(@NonNull String directory, @NonNull Consumer<ServiceRun> change) throws IOException {
        ServiceRun service = learn(directory, change);
        save();
        return service;
    }

    /** Changes the record as {@link #change} does, and leaves it to the caller to save it. */
    @NonNull
    public synchronized ServiceRun learn(@NonNull String directory, @NonNull Consumer<ServiceRun> change) {
        ServiceRun service = find(directory).orElseGet(() -> {
            ServiceRun begun = new ServiceRun(directory);
            services.add(begun);
            return begun;
        });
        change.accept(service);
        return service;
    }

    /** Saves it with its build. */
    public void save() throws IOException {
        run.save();
        saved = true;
    }

    /**
     * Tells all listeners of a stage that was just added.
     *
     * @throws IOException if one of them could not write it down; the others know it then
     */
    public void tell(@NonNull ServiceRun service, @NonNull StageRecord stage) throws IOException {
        IOException failure = null;
        for (StageListener listener : ExtensionList.lookup(StageListener.class)) {
            try {
                listener.onStageEnded(run, service, stage);
            } catch (IOException e) {
                failure = e;
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> listener + " failed on " + stage.getStage() + " of " + run);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Returns a line for each service, for the build's page. */
    public List<ServiceSummary> getSummaries() {
        return services.stream()
                .filter(service -> !service.getStages().isEmpty())
                .map(ServiceSummary::new)
                .toList();
    }

    /** Returns a commit of this build with its page in the SCM's browser. */
    @NonNull
    public CommitLink commit(@NonNull String commitId) {
        return CommitLink.of(run, commitId);
    }

    @NonNull
    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
        saved = true;
    }

    @CheckForNull
    @Override
    public String getIconFileName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getDisplayName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getUrlName() {
        return null;
    }
}
