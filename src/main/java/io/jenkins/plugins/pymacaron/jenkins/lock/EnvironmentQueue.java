package io.jenkins.plugins.pymacaron.jenkins.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import jenkins.util.AtmostOneTaskExecutor;

/**
 * The queue of deployments, one at a time per environment and {@link FolderTree}: builds wait for it in the order in
 * which they asked. A build that holds an environment may ask for it again, and gets it at once; it holds it until it
 * gives it back or ends.
 *
 * <p>Holders and waiting builds are kept on disk, so that the builds that go on after a restart do so in the same
 * order.
 */
@Extension
public final class EnvironmentQueue {
    /** Guarded by this. */
    private final EnvironmentLines lines = new EnvironmentLines();
    /**
     * Guarded by this. It is not on disk: the clean-ups there end with this Jenkins. Several may concern one
     * environment.
     */
    private final List<CleanupTurn> cleanUps = new ArrayList<>();

    private final PlaceNotices notices = new PlaceNotices(this, lines, this::isClosed);
    private final AtmostOneTaskExecutor<Void> deadlocks =
            new AtmostOneTaskExecutor<>(Computer.threadPoolForRemoting, () -> {
                breakDeadlocks();
                return null;
            });

    public static EnvironmentQueue get() {
        return ExtensionList.lookupSingleton(EnvironmentQueue.class);
    }

    /**
     * Asks for an environment. The requests before and after a restart are separate: a step asks again in
     * {@code onResume}, and finds its old place.
     *
     * @return completes, in a thread of a pool, when the build has the environment; fails with one
     *     {@link AbortException} line if deployments to it are paused, or if the file of the queue is damaged, and is
     *     cancelled if the build withdraws or ends
     */
    public CompletableFuture<Void> acquire(
            @NonNull String environment, @NonNull Run<?, ?> owner, @NonNull TaskListener listener) {
        return acquire(environment, owner, WaitingListener.of(listener), false);
    }

    /**
     * Asks for an environment as {@link #acquire(String, Run, TaskListener)} does.
     *
     * @param listener receives each place in the queue that the build reaches
     * @param back whether the purpose is a rollback, which no pause stops
     */
    public CompletableFuture<Void> acquire(
            @NonNull String environment, @NonNull Run<?, ?> owner, @NonNull WaitingListener listener, boolean back) {
        dropLostHolders();
        String id = owner.getExternalizableId();
        String key = key(environment, owner);
        if (isHeldBy(environment, owner)) {
            return CompletableFuture.completedFuture(null);
        }
        Optional<AbortException> paused = back ? Optional.empty() : DeploymentPause.refusal(environment, owner);
        if (paused.isPresent()) {
            return CompletableFuture.failedFuture(paused.get());
        }
        QueuedStep waiting = new QueuedStep(listener, back);
        boolean held;
        synchronized (this) {
            Optional<String> problem = lines.problem();
            if (problem.isPresent()) {
                return CompletableFuture.failedFuture(new AbortException(problem.get()));
            }
            EnvironmentLine line = lines.line(key);
            Optional<String> old = lines.holderUnderAnOldName(key, id);
            if (!isClosed(key, id) && old.isEmpty() && line.hold(id)) {
                line.note(id, owner.getTimeInMillis());
                lines.save();
                return CompletableFuture.completedFuture(null);
            }
            line.join(id, waiting);
            line.note(id, owner.getTimeInMillis());
            held = old.isPresent() || line.holder() != null;
            lines.save();
        }
        notices.tell(key, waiting);
        if (!held) {
            // The first build in the queue may wait for a clean-up that this one need not wait for.
            serveNext(key);
        }
        deadlocks.submit();
        return waiting.future();
    }

    /** Withdraws a request that was not served yet. The build keeps what it holds. */
    public void cancel(@NonNull String environment, @NonNull Run<?, ?> owner) {
        List<QueuedStep> left;
        synchronized (this) {
            left = lines.line(key(environment, owner)).leave(owner.getExternalizableId());
            lines.save();
        }
        left.forEach(QueuedStep::cancel);
        notices.tellSoon(key(environment, owner));
        serveNext(key(environment, owner));
    }

    /** Gives an environment to the next build in the queue. Does nothing for a build that does not hold it. */
    public void release(@NonNull String environment, @NonNull Run<?, ?> owner) {
        String id = owner.getExternalizableId();
        List<String> held;
        synchronized (this) {
            // The build may have got it before all its distinguishing properties were known.
            held = lines.of(environment)
                    .filter(line -> id.equals(line.holder()))
                    .map(EnvironmentLine::environment)
                    .toList();
        }
        held.forEach(key -> release(key, id));
    }

    /** Gives back all that a build holds, and withdraws all that it waits for. */
    public void releaseAll(@NonNull Run<?, ?> owner) {
        releaseAll(owner.getExternalizableId());
    }

    public synchronized boolean isHeldBy(@NonNull String environment, @NonNull Run<?, ?> owner) {
        String key = key(environment, owner);
        return lines.heldBy(owner.getExternalizableId())
                .anyMatch(line -> line.environment().equals(key));
    }

    /**
     * Queues a clean-up of what an ended build left half-made there, until {@link #end}.
     *
     * @param build the externalizable id of that build: the turn concerns its folder tree
     * @return its turn, which comes at once if no build holds any of them
     */
    @NonNull
    public CleanupTurn lineUp(@NonNull String build, @NonNull Collection<String> environments) {
        dropLost();
        CleanupTurn turn = new CleanupTurn(FolderTree.keys(build, environments));
        synchronized (this) {
            cleanUps.add(turn);
        }
        giveTurns();
        return turn;
    }

    /**
     * Does the same as {@link #lineUp} for a clean-up that can wait: only if no build holds any of them.
     *
     * @return empty if one does, and then nothing is done
     */
    @NonNull
    public Optional<CleanupTurn> tryTurn(@NonNull String build, @NonNull Collection<String> environments) {
        dropLost();
        synchronized (this) {
            CleanupTurn turn = new CleanupTurn(FolderTree.keys(build, environments));
            if (held(turn).isPresent()) {
                return Optional.empty();
            }
            turn.give();
            cleanUps.add(turn);
            return Optional.of(turn);
        }
    }

    /** Returns one of those environments that a build holds. @param build any build of the same folder tree */
    @NonNull
    public synchronized Optional<String> held(@NonNull String build, @NonNull Collection<String> environments) {
        return held(new CleanupTurn(FolderTree.keys(build, environments)));
    }

    /** Returns the same for a turn; all are held while the file cannot be read. */
    private Optional<String> held(CleanupTurn turn) {
        if (lines.problem().isPresent()) {
            return turn.keys().stream().map(FolderTree::environment).findFirst();
        }
        return lines.in(turn.keys())
                .filter(line -> line.holder() != null)
                .map(line -> FolderTree.environment(line.environment()))
                .findFirst();
    }

    /** Ends a turn, even one that has not come. Builds that have come meanwhile are served in order. */
    public void end(@NonNull CleanupTurn turn) {
        List<String> next;
        synchronized (this) {
            cleanUps.remove(turn);
            next = names(turn.keys());
        }
        next.forEach(this::serveNext);
    }

    private void giveTurns() {
        List<CleanupTurn> given = new ArrayList<>();
        synchronized (this) {
            for (CleanupTurn turn : cleanUps) {
                if (!turn.isGiven() && held(turn).isEmpty()) {
                    turn.give();
                    given.add(turn);
                }
            }
        }
        given.forEach(
                turn -> Computer.threadPoolForRemoting.execute(() -> turn.come().complete(null)));
    }

    /** The caller holds the monitor. */
    private boolean isClosed(String key, String owner) {
        boolean holdsNothing = lines.heldBy(owner).findAny().isEmpty();
        return cleanUps.stream().anyMatch(turn -> turn.isAbout(key) && (turn.isGiven() || holdsNothing));
    }

    /**
     * Returns the build that holds an environment, in any folder, as text: {@code hello #12}. A user who may not read
     * that build sees that it is another one.
     */
    public Optional<String> holder(@NonNull String environment) {
        String holder;
        synchronized (this) {
            holder = lines.of(environment)
                    .map(EnvironmentLine::holder)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
        return Optional.ofNullable(holder).map(id -> EnvironmentOwners.find(id)
                .filter(run -> run.getParent().hasPermission(Item.READ))
                .map(Run::getFullDisplayName)
                .orElseGet(Messages::EnvironmentQueue_another));
    }

    /** Returns the places of a build, for each environment that it waits for. */
    @NonNull
    public List<QueuePosition> places(@NonNull Run<?, ?> owner) {
        String id = owner.getExternalizableId();
        synchronized (this) {
            return lines.all().stream()
                    .filter(line -> line.isWaiting(id))
                    .map(line -> new QueuePosition(
                            shown(line.environment()),
                            Util.fixNull(line.holder()),
                            line.before(id) + 1,
                            line.askedAt(id)))
                    .toList();
        }
    }

    private List<String> names(Collection<String> keys) {
        return lines.in(keys).map(EnvironmentLine::environment).toList();
    }

    private static String key(String environment, Run<?, ?> owner) {
        return FolderTree.key(FolderTree.of(owner.getParent()), environment);
    }

    private void release(String key, String owner) {
        boolean given;
        List<String> next;
        synchronized (this) {
            next = names(List.of(lines.line(key).key()));
            given = lines.line(key).release(owner);
            lines.save();
        }
        if (given) {
            giveTurns();
            next.forEach(this::serveNext);
            // A clean-up may have the turn now.
            next.forEach(notices::tellSoon);
        }
    }

    void releaseAll(String owner) {
        List<QueuedStep> left = new ArrayList<>();
        List<String> held = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        synchronized (this) {
            for (EnvironmentLine line : lines.all()) {
                if (line.isWaiting(owner)) {
                    asked.add(line.environment());
                }
                left.addAll(line.leave(owner));
                if (owner.equals(line.holder())) {
                    held.add(line.environment());
                }
            }
            if (!asked.isEmpty()) {
                lines.save();
            }
        }
        left.forEach(QueuedStep::cancel);
        held.forEach(environment -> release(environment, owner));
        // It may be free: it was held when Jenkins was restarted.
        asked.forEach(key -> {
            notices.tellSoon(key);
            serveNext(key);
        });
    }

    /** Drops builds that were deleted, or ended without a report, as after a crash. */
    void dropLost() {
        List<Owner> owners = new ArrayList<>();
        synchronized (this) {
            lines.problem();
            lines.all().forEach(line -> line.owners().forEach(id -> owners.add(new Owner(id, line.begunAt(id)))));
        }
        drop(owners);
        // The file may have been unreadable until now.
        giveTurns();
    }

    /** Does the same as {@link #dropLost} for holders: a build in the queue is looked at when its turn comes. */
    private void dropLostHolders() {
        List<Owner> holders;
        synchronized (this) {
            holders = lines.held()
                    .map(line -> new Owner(line.holder(), line.begunAt(line.holder())))
                    .toList();
        }
        drop(holders);
    }

    private void drop(List<Owner> owners) {
        // This is outside of the monitor: finding a build may load it from disk.
        owners.stream()
                .filter(owner -> !EnvironmentOwners.isAlive(owner.id(), owner.begun()))
                .map(Owner::id)
                .distinct()
                .forEach(this::releaseAll);
    }

    private record Owner(String id, long begun) {}

    /** Fails one of several builds that would wait for each other for ever. */
    void breakDeadlocks() {
        Set<String> waiting;
        synchronized (this) {
            waiting = lines.waitingHolders();
        }
        try {
            for (String owner : waiting) {
                List<Deadlocks.Wait> circle = circle(owner);
                if (!circle.isEmpty() && Deadlocks.areStuck(circle) && circle.equals(circle(owner))) {
                    refuse(circle.get(0), circle.get(circle.size() - 1).environment());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<Deadlocks.Wait> circle(String owner) {
        return Deadlocks.circle(lines.all(), owner);
    }

    private void refuse(Deadlocks.Wait wait, String held) {
        List<QueuedStep> left;
        synchronized (this) {
            EnvironmentLine line = lines.line(wait.environment());
            if (!line.isAsked(wait.owner())) {
                // A step has not gone on yet since a restart; it will ask.
                return;
            }
            left = line.leave(wait.owner());
            lines.save();
        }
        AbortException why = new AbortException(Messages.EnvironmentQueue_deadlock(
                shown(wait.environment()),
                WaitingTexts.isOfOneJob(wait.holder(), wait.owner())
                        ? EnvironmentOwners.find(wait.holder())
                                .map(Run::getFullDisplayName)
                                .orElse(wait.holder())
                        : Messages.EnvironmentQueue_another(),
                shown(held)));
        left.forEach(w -> w.refuse(why));
        notices.tellSoon(wait.environment());
    }

    /** Renames a job in the ids of its builds. */
    synchronized void rename(String oldJob, String newJob) {
        lines.all().forEach(line -> line.rename(oldJob, newJob));
        lines.save();
    }

    private void serveNext(String key) {
        String environment = FolderTree.environment(key);
        while (true) {
            String owner;
            long asked;
            List<QueuedStep> served;
            synchronized (this) {
                EnvironmentLine line = lines.line(key);
                Optional<String> next = line.holder() != null
                        ? Optional.empty()
                        : line.waiting().stream()
                                .filter(waiting -> !isClosed(key, waiting)
                                        && lines.holderUnderAnOldName(key, waiting)
                                                .isEmpty())
                                .findFirst();
                if (next.isEmpty()) {
                    return;
                }
                owner = next.get();
                asked = line.askedAt(owner);
                served = line.give(owner);
                lines.save();
            }
            Optional<Run<?, ?>> run = EnvironmentOwners.find(owner);
            Optional<AbortException> refusal = run.filter(r -> !served.stream().allMatch(QueuedStep::isBack))
                    .flatMap(r -> DeploymentPause.refusal(environment, r));
            // A build that is renamed right now is not found, and goes on.
            boolean goesOn = run.map(Run::isBuilding).orElse(!served.isEmpty());
            if (goesOn && refusal.isEmpty()) {
                // This runs in another thread: the following work is another build's.
                served.forEach(
                        w -> w.serve(EnvironmentNames.shown(environment), asked, Computer.threadPoolForRemoting));
                notices.tellSoon(key);
                return;
            }
            synchronized (this) {
                lines.line(key).release(owner);
                lines.save();
            }
            served.forEach(w -> refusal.ifPresentOrElse(w::refuse, w::cancel));
            // A clean-up that has come meanwhile has found this build as the holder.
            giveTurns();
        }
    }

    private static String shown(String key) {
        return EnvironmentNames.shown(FolderTree.environment(key));
    }
}
