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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
    private final QueueFile file = new QueueFile();
    /** Guarded by this. */
    private final List<EnvironmentLine> lines = new ArrayList<>(file.read());
    /**
     * Guarded by this. It is not on disk: the clean-ups there end with this Jenkins. Several may concern one
     * environment.
     */
    private final List<CleanupTurn> cleanUps = new ArrayList<>();

    public static EnvironmentQueue get() {
        return ExtensionList.lookupSingleton(EnvironmentQueue.class);
    }

    /**
     * Asks for an environment. The requests before and after a restart are separate: a step asks again in
     * {@code onResume}, and finds its old place.
     *
     * @return completes, in a thread of a pool, when the build has the environment; fails with one
     *     {@link AbortException} line if deployments to it are paused, and is cancelled if the build withdraws or ends
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
        dropLost();
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
            EnvironmentLine line = line(key);
            Optional<String> old = holderUnderAnOldName(key, id);
            if (!isClosed(environment, id) && old.isEmpty() && line.hold(id)) {
                save();
                return CompletableFuture.completedFuture(null);
            }
            line.join(id, waiting);
            held = old.isPresent() || line.holder() != null;
            save();
        }
        tell(key);
        if (!held) {
            // The first build in the queue may wait for a clean-up that this one need not wait for.
            serveNext(key);
        }
        Computer.threadPoolForRemoting.execute(this::breakDeadlocks);
        return waiting.future();
    }

    /** Withdraws a request that was not served yet. The build keeps what it holds. */
    public void cancel(@NonNull String environment, @NonNull Run<?, ?> owner) {
        List<QueuedStep> left;
        synchronized (this) {
            left = line(key(environment, owner)).leave(owner.getExternalizableId());
            save();
        }
        left.forEach(QueuedStep::cancel);
        tell(key(environment, owner));
        serveNext(key(environment, owner));
    }

    /** Gives an environment to the next build in the queue. Does nothing for a build that does not hold it. */
    public void release(@NonNull String environment, @NonNull Run<?, ?> owner) {
        String id = owner.getExternalizableId();
        List<String> held;
        synchronized (this) {
            // The build may have got it before all its distinguishing properties were known.
            held = lines.stream()
                    .filter(l -> id.equals(l.holder()) && isOf(l.environment(), environment))
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
        return lines.stream()
                .anyMatch(l -> l.environment().equals(key(environment, owner))
                        && owner.getExternalizableId().equals(l.holder()));
    }

    /**
     * Queues a clean-up of what an ended build left half-made there, until {@link #end}.
     *
     * @return its turn, which comes at once if no build holds any of them
     */
    @NonNull
    public CleanupTurn lineUp(@NonNull Collection<String> environments) {
        dropLost();
        CleanupTurn turn = new CleanupTurn(environments);
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
    public Optional<CleanupTurn> tryTurn(@NonNull Collection<String> environments) {
        dropLost();
        synchronized (this) {
            if (held(environments).isPresent()) {
                return Optional.empty();
            }
            CleanupTurn turn = new CleanupTurn(environments);
            turn.give();
            cleanUps.add(turn);
            return Optional.of(turn);
        }
    }

    /** Returns one of those environments that a build holds. */
    @NonNull
    public synchronized Optional<String> held(@NonNull Collection<String> environments) {
        return lines.stream()
                .filter(l -> l.holder() != null && environments.stream().anyMatch(e -> isOf(l.environment(), e)))
                .map(l -> FolderTree.environment(l.environment()))
                .findFirst();
    }

    /** Ends a turn, even one that has not come. Builds that have come meanwhile are served in order. */
    public void end(@NonNull CleanupTurn turn) {
        List<String> next;
        synchronized (this) {
            cleanUps.remove(turn);
            next = keysOf(turn.environments());
        }
        next.forEach(this::serveNext);
    }

    private void giveTurns() {
        List<CleanupTurn> given = new ArrayList<>();
        synchronized (this) {
            for (CleanupTurn turn : cleanUps) {
                if (!turn.isGiven() && held(turn.environments()).isEmpty()) {
                    turn.give();
                    given.add(turn);
                }
            }
        }
        given.forEach(
                turn -> Computer.threadPoolForRemoting.execute(() -> turn.come().complete(null)));
    }

    /** The caller holds the monitor. */
    private boolean isClosed(String environment, String owner) {
        boolean holdsNothing = lines.stream().noneMatch(line -> owner.equals(line.holder()));
        return cleanUps.stream().anyMatch(turn -> turn.isAbout(environment) && (turn.isGiven() || holdsNothing));
    }

    /**
     * Returns the build that holds an environment, in any folder, as text: {@code hello #12}. A user who may not read
     * that build sees that it is another one.
     */
    public Optional<String> holder(@NonNull String environment) {
        String holder;
        synchronized (this) {
            holder = lines.stream()
                    .filter(l -> l.holder() != null && isOf(l.environment(), environment))
                    .map(EnvironmentLine::holder)
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
            return lines.stream()
                    .filter(l -> l.waiting().contains(id))
                    .map(l -> new QueuePosition(
                            shown(l.environment()), Util.fixNull(l.holder()), l.before(id) + 1, l.askedAt(id)))
                    .toList();
        }
    }

    private static String key(String environment, Run<?, ?> owner) {
        return FolderTree.key(FolderTree.of(owner.getParent()), environment);
    }

    private static boolean isOf(String key, String environment) {
        return EnvironmentNames.isSame(FolderTree.environment(key), environment);
    }

    /** The caller holds the monitor. */
    private List<String> keysOf(Collection<String> environments) {
        return lines.stream()
                .map(EnvironmentLine::environment)
                .filter(key -> environments.stream().anyMatch(environment -> isOf(key, environment)))
                .toList();
    }

    /**
     * Finds a holder that began when environments were known by their names, or before their account was known, and
     * goes on. The caller holds the monitor.
     */
    private Optional<String> holderUnderAnOldName(String key, String owner) {
        return lines.stream()
                .filter(l -> l.holder() != null && !owner.equals(l.holder()))
                .filter(l -> !l.environment().equals(key)
                        && (l.environment().indexOf(':') < 0
                                || FolderTree.tree(l.environment()).equals(FolderTree.tree(key)))
                        && isOf(l.environment(), FolderTree.environment(key)))
                .map(EnvironmentLine::holder)
                .findFirst();
    }

    private void release(String key, String owner) {
        boolean given;
        List<String> next;
        synchronized (this) {
            EnvironmentLine line = line(key);
            given = line.release(owner);
            next = keysOf(List.of(FolderTree.environment(key)));
            save();
        }
        if (given) {
            giveTurns();
            next.forEach(this::serveNext);
            // A clean-up may have the turn now.
            Computer.threadPoolForRemoting.execute(() -> next.forEach(this::tell));
        }
    }

    void releaseAll(String owner) {
        List<QueuedStep> left = new ArrayList<>();
        List<String> held = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        synchronized (this) {
            for (EnvironmentLine line : lines) {
                if (line.waiting().contains(owner)) {
                    asked.add(line.environment());
                }
                left.addAll(line.leave(owner));
                if (owner.equals(line.holder())) {
                    held.add(line.environment());
                }
            }
            if (!asked.isEmpty()) {
                save();
            }
        }
        left.forEach(QueuedStep::cancel);
        held.forEach(environment -> release(environment, owner));
        // It may be free: it was held when Jenkins was restarted.
        asked.forEach(key -> {
            tell(key);
            serveNext(key);
        });
    }

    /** Drops builds that were deleted, or ended without a report, as after a crash. */
    void dropLost() {
        List<String> owners = new ArrayList<>();
        synchronized (this) {
            lines.forEach(line -> owners.addAll(line.owners()));
        }
        // This is outside of the monitor: finding a build may load it from disk.
        owners.stream().distinct().filter(id -> !EnvironmentOwners.isAlive(id)).forEach(this::releaseAll);
    }

    /** Fails one of several builds that would wait for each other for ever. */
    void breakDeadlocks() {
        List<String> waiting = new ArrayList<>();
        synchronized (this) {
            lines.forEach(line -> waiting.addAll(line.waiting()));
        }
        try {
            for (String owner : waiting) {
                List<Deadlocks.Wait> circle = circle(owner);
                if (!circle.isEmpty() && areStuck(circle) && circle.equals(circle(owner))) {
                    refuse(circle.get(0), circle.get(circle.size() - 1).environment());
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<Deadlocks.Wait> circle(String owner) {
        return Deadlocks.circle(lines, owner);
    }

    /** Returns whether the builds are stuck; called outside of the monitor, since it asks the builds. */
    private static boolean areStuck(List<Deadlocks.Wait> circle) throws InterruptedException {
        for (Deadlocks.Wait wait : circle) {
            if (!Deadlocks.isStuck(wait.owner())) {
                return false;
            }
        }
        return true;
    }

    private void refuse(Deadlocks.Wait wait, String held) {
        List<QueuedStep> left;
        synchronized (this) {
            EnvironmentLine line = line(wait.environment());
            if (!line.isAsked(wait.owner())) {
                // A step has not gone on yet since a restart; it will ask.
                return;
            }
            left = line.leave(wait.owner());
            save();
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
        tell(wait.environment());
    }

    /** Renames a job in the ids of its builds. */
    synchronized void rename(String oldJob, String newJob) {
        lines.forEach(line -> line.rename(oldJob, newJob));
        save();
    }

    private void serveNext(String key) {
        String environment = FolderTree.environment(key);
        while (true) {
            String owner;
            long asked;
            List<QueuedStep> served;
            synchronized (this) {
                EnvironmentLine line = line(key);
                Optional<String> next = line.waiting().stream()
                        .filter(waiting -> !isClosed(environment, waiting)
                                && holderUnderAnOldName(key, waiting).isEmpty())
                        .findFirst();
                if (line.holder() != null || next.isEmpty()) {
                    return;
                }
                owner = next.get();
                asked = line.askedAt(owner);
                served = line.give(owner);
                save();
            }
            Optional<AbortException> refusal = EnvironmentOwners.find(owner)
                    .flatMap(run -> served.stream().allMatch(QueuedStep::isBack)
                            ? Optional.empty()
                            : DeploymentPause.refusal(environment, run));
            if (refusal.isEmpty()) {
                // This runs in another thread: the following work is another build's.
                served.forEach(
                        w -> w.serve(EnvironmentNames.shown(environment), asked, Computer.threadPoolForRemoting));
                Computer.threadPoolForRemoting.execute(() -> tell(key));
                return;
            }
            synchronized (this) {
                line(key).release(owner);
                save();
            }
            served.forEach(w -> w.refuse(refusal.get()));
        }
    }

    private EnvironmentLine line(String environment) {
        return lines.stream()
                .filter(l -> l.environment().equals(environment))
                .findFirst()
                .orElseGet(() -> {
                    EnvironmentLine line = new EnvironmentLine(environment);
                    lines.add(line);
                    return line;
                });
    }

    private void save() {
        lines.removeIf(line -> line.owners().isEmpty());
        file.write(lines);
    }

    /** Tells all waiting steps their place. Must not be called with the monitor, since it writes logs. */
    private void tell(String key) {
        List<QueuedStep> asking;
        synchronized (this) {
            asking = line(key).asking();
        }
        asking.forEach(step -> step.tell(() -> texts(key, step)));
    }

    /** Returns the place of a step; empty if it no longer waits, or if the environment is free and is given next. */
    private synchronized Optional<WaitingTexts> texts(String key, QueuedStep step) {
        EnvironmentLine line = line(key);
        String id = line.ownerOf(step).orElse(null);
        if (id == null) {
            return Optional.empty();
        }
        String holder = holderUnderAnOldName(key, id).orElse(line.holder());
        return holder == null && !isClosed(FolderTree.environment(key), id)
                ? Optional.empty()
                : Optional.of(new WaitingTexts(shown(key), holder, line.before(id) + 1, line.askedAt(id), id));
    }

    private static String shown(String key) {
        return EnvironmentNames.shown(FolderTree.environment(key));
    }
}
