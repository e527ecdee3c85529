package io.jenkins.plugins.pymacaron.jenkins.lock;

import hudson.Extension;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Item;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Handles the end of builds that hold environments. Public for its initializer only. */
@Restricted(NoExternalUse.class)
public final class EnvironmentOwners {
    private EnvironmentOwners() {}

    static Optional<Run<?, ?>> find(String id) {
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            return Optional.ofNullable(Run.fromExternalizableId(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns whether that very build goes on, and not another one of its name. @param begun 0 if it is not known */
    static boolean isAlive(String id, long begun) {
        return find(id).filter(run -> run.isBuilding() && (begun == 0 || run.getTimeInMillis() == begun))
                .isPresent();
    }

    @Initializer(after = InitMilestone.JOB_LOADED)
    public static void afterRestart() {
        EnvironmentQueue.get().dropLost();
    }

    @Extension
    public static final class OfBuilds extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(Run<?, ?> run) {
            EnvironmentQueue.get().releaseAll(run);
        }

        @Override
        public void onDeleted(Run<?, ?> run) {
            EnvironmentQueue.get().releaseAll(run);
        }
    }

    @Extension
    public static final class OfJobs extends ItemListener {
        /** Jenkins also calls this for every item in a folder. */
        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            EnvironmentQueue.get().rename(oldFullName, newFullName);
        }

        @Override
        public void onDeleted(Item item) {
            EnvironmentQueue.get().dropLost();
        }
    }

    /** Finds builds that were killed so hard that they never ended: no event reports them. */
    @Extension
    public static final class Gone extends PeriodicWork {
        @Override
        public long getRecurrencePeriod() {
            return TimeUnit.MINUTES.toMillis(1);
        }

        @Override
        protected void doRun() {
            EnvironmentQueue.get().dropLost();
            EnvironmentQueue.get().breakDeadlocks();
        }
    }
}
