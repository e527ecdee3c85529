package io.jenkins.plugins.pymacaron.jenkins.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.model.Run;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * What a build has done so far, service by service: where a step finds what earlier ones have made, and what the pages
 * show. Saved with the build at each change.
 */
@ExportedBean
public final class PymacaronRun implements RunAction2 {
    private static final Logger LOGGER = Logger.getLogger(PymacaronRun.class.getName());

    private List<ServiceRun> services = new CopyOnWriteArrayList<>();
    private transient Run<?, ?> run;

    private Object readResolve() {
        services = services == null ? new CopyOnWriteArrayList<>() : services;
        services.removeIf(Objects::isNull);
        return this;
    }

    /** That of a build, made if it has none yet. */
    @NonNull
    public static PymacaronRun of(@NonNull Run<?, ?> run) {
        synchronized (run) {
            return find(run).orElseGet(() -> {
                PymacaronRun begun = new PymacaronRun();
                run.addAction(begun);
                return begun;
            });
        }
    }

    /** That of a build, if it has done anything. */
    @SuppressWarnings("deprecation")
    public static Optional<PymacaronRun> find(@NonNull Run<?, ?> run) {
        // Only those that are kept: getAction asks the factories too, which ask this.
        return run.getActions().stream()
                .filter(PymacaronRun.class::isInstance)
                .map(PymacaronRun.class::cast)
                .findFirst();
    }

    @Exported
    public List<ServiceRun> getServices() {
        return Collections.unmodifiableList(services);
    }

    public Optional<ServiceRun> find(@NonNull String directory) {
        return services.stream().filter(s -> s.getDirectory().equals(directory)).findFirst();
    }

    /** Changes what is known of a service, begun if it is new, and saves it. */
    @NonNull
    public ServiceRun change(@NonNull String directory, @NonNull Consumer<ServiceRun> change) throws IOException {
        ServiceRun service;
        synchronized (this) {
            service = find(directory).orElseGet(() -> {
                ServiceRun begun = new ServiceRun(directory);
                services.add(begun);
                return begun;
            });
            change.accept(service);
        }
        run.save();
        return service;
    }

    /** Tells everybody who wants to know of a stage that was just added. */
    public void tell(@NonNull ServiceRun service, @NonNull StageRecord stage) {
        for (StageListener listener : ExtensionList.lookup(StageListener.class)) {
            try {
                listener.onStageEnded(run, service, stage);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> listener + " failed on " + stage.getStage() + " of " + run);
            }
        }
    }

    /** For the build's page: a line for each service. */
    public List<ServiceSummary> getSummaries() {
        return services.stream()
                .filter(service -> !service.getStages().isEmpty())
                .map(ServiceSummary::new)
                .toList();
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
