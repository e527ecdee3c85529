package io.jenkins.plugins.pymacaron.jenkins.reconcile;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersion;
import io.jenkins.plugins.pymacaron.jenkins.agent.KeptVersions;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStage;
import io.jenkins.plugins.pymacaron.jenkins.agent.UnfinishedStages;
import io.jenkins.plugins.pymacaron.jenkins.lock.EnvironmentQueue;
import io.jenkins.plugins.pymacaron.jenkins.run.PymacaronRun;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Undoes what stages have left whose build has ended without them: their process was killed, or their agent went away,
 * or the next stage never came, for instance because it was not approved. It looks when a build has ended, when an
 * agent comes back, also after a restart, and every hour. Every hour it also ends versions that live has kept long
 * enough.
 */
@Extension
public final class LeftoverReconciler extends PeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(LeftoverReconciler.class.getName());

    /** The records that are being undone or ended; the core on the agent keeps others out of the same workspace. */
    private final Set<Object> underWay = ConcurrentHashMap.newKeySet();

    static LeftoverReconciler get() {
        return ExtensionList.lookupSingleton(LeftoverReconciler.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.HOURS.toMillis(1);
    }

    @Override
    protected void doRun() {
        look(stage -> true);
        end(Instant.now());
    }

    /** Ends versions whose time is over by then; the agent checks the time again. */
    public void end(@NonNull Instant now) {
        for (KeptVersion kept : KeptVersions.get().all()) {
            // While its build goes on, live may need the version for a rollback.
            if (kept.getUntil().isBefore(now) && !isBuilding(kept.getPromotion())) {
                begin(kept, new CleanupAttempt(kept.getPromotion(), new KeptVersionTask(kept)));
            }
        }
    }

    void look(Predicate<UnfinishedStage> which) {
        for (UnfinishedStage stage : UnfinishedStages.get().all()) {
            if (which.test(stage) && !isBuilding(stage)) {
                begin(stage, new CleanupAttempt(stage, new UnfinishedStageTask(stage)));
            }
        }
    }

    private void begin(Object what, CleanupAttempt cleanUp) {
        if (underWay.add(what)) {
            cleanUp.run().whenComplete((done, failure) -> {
                underWay.remove(what);
                if (failure != null) {
                    LOGGER.log(Level.WARNING, failure, () -> "Not undone: " + what);
                }
            });
        }
    }

    /** Returns whether the build goes on by itself, or ends with its own rollback. */
    private static boolean isBuilding(UnfinishedStage stage) {
        return stage.findBuild().filter(Run::isBuilding).isPresent();
    }

    @Extension
    public static final class OfBuilds extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(@NonNull Run<?, ?> run) {
            // Half-made changes are undone before another build begins there.
            get().look(stage -> stage.isOf(run) && stage.isCutOff());
            // For the others, the next turn is settled before anything is undone in between.
            EnvironmentQueue.get().releaseAll(run);
            Set<String> changed = environments(run);
            get().look(stage -> stage.isOf(run) || !Collections.disjoint(stage.getEnvironments(), changed));
        }

        private static Set<String> environments(Run<?, ?> run) {
            Set<String> all = new HashSet<>();
            PymacaronRun.find(run)
                    .map(PymacaronRun::getServices)
                    .orElse(List.of())
                    .forEach(service -> {
                        all.add(service.getStagingEnvironment());
                        all.addAll(service.getLiveEnvironments());
                    });
            return all;
        }
    }

    @Extension
    public static final class OfAgents extends ComputerListener {
        @Override
        public void onOnline(@NonNull Computer computer, @NonNull TaskListener listener) {
            get().look(stage -> stage.getNode().equals(computer.getName()));
        }
    }
}
