package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.operation.Driver;
import io.jenkins.plugins.pymacaron.operation.DurableFiles;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Journal;
import io.jenkins.plugins.pymacaron.operation.JournalStore;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.operation.Observer;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.Outcome;
import io.jenkins.plugins.pymacaron.operation.Run;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.ThreadedRuntime;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.lock.EnvironmentLocks;
import io.jenkins.plugins.pymacaron.pipeline.lock.LostLease;
import io.jenkins.plugins.pymacaron.pipeline.progress.RunProgress;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Change;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes the changes of one run through their journals. Each has a name within the run, so that a resumed run goes on
 * with it, or gets its result.
 */
public final class OperationRunner implements AutoCloseable {
    /** An effect and a look-up at once for each of a dozen regions; later ones wait. */
    private static final int CALLS = 24;

    /** The limit for one change, by clean-ups that come every hour: some weeks. */
    private static final int MOST_ATTEMPTS = 500;

    private final Path directory;
    private final JournalStore store;
    private final RunProgress progress;
    private final Function<String, Map<String, String>> known;
    private final ThreadedRuntime threads = new ThreadedRuntime("pymacaron", CALLS);
    private final CanaryTestRunner trials = new CanaryTestRunner();
    private Guard guard = target -> {
        throw new IllegalStateException("a change of " + target.environment() + " without its locks");
    };
    private Optional<EnvironmentLocks> held = Optional.empty();
    private boolean again;
    private final Driver driver = new Driver(threads.clockwork());

    public OperationRunner(Path directory, RunProgress progress) throws IOException {
        this(directory, progress, id -> Map.of());
    }

    /** Makes the runner. @param known results of changes that were made elsewhere, before this run */
    public OperationRunner(Path directory, RunProgress progress, Function<String, Map<String, String>> known)
            throws IOException {
        Files.createDirectories(directory);
        DurableFiles.entry(directory);
        this.directory = directory;
        store = new JournalStore(directory, Clock.systemUTC(), progress::masked);
        this.progress = progress;
        this.known = known;
    }

    /** Is asked before each change that begins. */
    public interface Guard {
        void check(Target target) throws TargetException, InterruptedException;
    }

    /** Begins no change from now on that {@code guard} objects to. */
    public OperationRunner guardedBy(Guard other) {
        guard = other;
        return this;
    }

    /**
     * Begins or continues changes from now on only while {@code locks} are held; a change of live carries their owner's
     * name.
     */
    public OperationRunner heldBy(EnvironmentLocks locks) {
        held = Optional.of(locks);
        guard = locks::check;
        return this;
    }

    /** Returns a runner of the same changes under the same locks, with another progress. It is closed by itself. */
    public OperationRunner reportingTo(RunProgress other) throws IOException {
        OperationRunner same = new OperationRunner(directory, other, known);
        same.guard = guard;
        same.held = held;
        same.again = again;
        return same;
    }

    private String owner() {
        return held.map(EnvironmentLocks::owner).orElse("");
    }

    /** Tries failed changes again from now on, by {@link #run} too: for a clean-up after a failed rollback. */
    public OperationRunner tryingAgain() {
        again = true;
        return this;
    }

    /** Returns the runner of the tests during a canary. */
    CanaryTestRunner trials() {
        return trials;
    }

    RunProgress progress() {
        return progress;
    }

    /** Returns the change of a target; asked for only where the change has not begun yet. */
    public interface Asked {
        Change get() throws TargetException, StageFailedException, InterruptedException;
    }

    /**
     * Runs a change that rolls back what this run has made live; otherwise as {@link #run}.
     *
     * @throws StageFailedException with {@link RunOutcome#SUPERSEDED} where another run has changed live since
     */
    Map<String, String> runBack(String id, Target target, Duration within, Asked change)
            throws StageFailedException, IOException, InterruptedException {
        return run(id, target, within, () -> {
            Change back = change.get();
            Optional<LiveMark> other = owner().isEmpty() ? Optional.empty() : Claim.ofOthers(back.params(), owner());
            if (other.isPresent()) {
                throw new StageFailedException(
                        RunOutcome.SUPERSEDED,
                        Expectation.why(Expectation.superseded(
                                        other.get().text(),
                                        "what serves in " + target.environment() + " is another deployment's by now"))
                                .orElseThrow());
            }
            return back;
        });
    }

    /**
     * Runs a change.
     *
     * @param id the change's name within the run
     * @param within the time limit, its undo not counted
     * @return the operation's result
     * @throws StageFailedException when it failed; its effects are undone, or the message says what is left
     * @throws InterruptedException when it was interrupted; its effects are undone
     */
    public Map<String, String> run(String id, Target target, Duration within, Asked change)
            throws StageFailedException, IOException, InterruptedException {
        String attempt = attempt(id);
        Optional<State> before = store.read(attempt);
        if (before.isPresent() && before.get().outcome().isPresent()) {
            return OutcomeFailures.result(before.get().outcome().get(), "");
        }
        Run run;
        Map<String, String> params;
        if (before.isPresent()) {
            Operation operation = target.operation(before.get().kind())
                    .orElseThrow(() ->
                            new IOException("no operation " + before.get().kind() + " for " + target.environment()));
            checked(target);
            params = before.get().params();
            run = drive(store.open(attempt), operation, target);
        } else {
            Change asked = ask(target, change);
            params = new HashMap<>(asked.params());
            Claim.named(params, owner());
            run = drive(store.create(attempt, asked.operation().kind(), params), asked.operation(), target);
        }
        var timer = threads.clockwork()
                .scheduler()
                .schedule(within, () -> run.stop("it took longer than " + within.toSeconds() + " s"));
        try (LostLease lease = watched(target, run)) {
            Outcome outcome = run.await();
            String other = outcome instanceof Outcome.Done ? "" : othersMark(target, params);
            if (outcome instanceof Outcome.Suspended && lease.isLost()) {
                throw OutcomeFailures.lost(lease, other);
            }
            return OutcomeFailures.result(outcome, other);
        } finally {
            timer.cancel();
        }
    }

    /** Returns the target's effector, wrapped for a run that has to leave the environment to another one. */
    private Effector effector(Target target) {
        Effector all = target.effector();
        return new Effector() {
            @Override
            public Lookup find(Effect effect) throws InterruptedException {
                return all.find(effect);
            }

            @Override
            public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
                if (held.isPresent() && !held.get().holds(target)) {
                    throw EffectException.retry("the lease of " + target.environment() + " is another run's");
                }
                return all.apply(effect);
            }
        };
    }

    private LostLease watched(Target target, Run run) {
        return new LostLease(held, target.environment(), run::suspend);
    }

    /** Returns the mark that another run has left on live since the operation was settled; "" for none. */
    private static String othersMark(Target target, Map<String, String> params) throws InterruptedException {
        Optional<Claim> claim = Claim.in(params);
        if (claim.isEmpty()) {
            return "";
        }
        try {
            String now = target.liveMark();
            return now.equals(claim.get().mine()) || now.equals(claim.get().before()) ? "" : now;
        } catch (TargetException e) {
            // Then only the operation's own reason is known.
            return "";
        }
    }

    /** Returns the first attempt at a change that has not failed yet, where failures are tried again. */
    private String attempt(String id) throws IOException {
        String attempt = id;
        for (int i = 2; again && hasFailed(attempt) && i <= MOST_ATTEMPTS; i++) {
            attempt = id + "." + i;
        }
        return attempt;
    }

    private boolean hasFailed(String id) throws IOException {
        return store.read(id)
                .flatMap(State::outcome)
                .filter(outcome -> !(outcome instanceof Outcome.Done))
                .isPresent();
    }

    /** Returns the parameters that the change of that name was begun with; empty where it was not. */
    Map<String, String> params(String id) throws IOException {
        return store.read(id).map(State::params).orElse(Map.of());
    }

    /** Returns whether the change of that name has begun in this run, with any result. */
    public boolean hasBegun(String id) throws IOException {
        return store.read(id).isPresent();
    }

    /** Returns the result of the change of that name; empty unless it is done. */
    Map<String, String> result(String id) throws IOException {
        return store.read(id)
                .flatMap(State::outcome)
                .filter(Outcome.Done.class::isInstance)
                .map(outcome -> ((Outcome.Done) outcome).result())
                .orElseGet(() -> known.apply(id));
    }

    /**
     * Undoes the changes that a dead run has begun here; also the ones that an earlier undo had to leave.
     *
     * @return what may be left, a sentence each
     */
    public List<String> undo(Target target, String id, String cause) throws IOException, InterruptedException {
        Optional<State> state = store.read(id);
        Optional<Outcome> end = state.flatMap(State::outcome);
        if (state.isEmpty() || end.filter(outcome -> outcome.left().isEmpty()).isPresent()) {
            return List.of();
        }
        Optional<Operation> operation = target.operation(state.get().kind());
        if (operation.isEmpty()) {
            return List.of("this version does not know " + state.get().kind() + " of " + id);
        }
        try {
            guard.check(target);
        } catch (TargetException e) {
            return List.of(e.getMessage());
        }
        Journal journal = store.open(id);
        EffectProgress shown = new EffectProgress(progress);
        Run run = end.isPresent()
                ? driver.undoAgain(journal, operation.get(), effector(target), observer(target), shown)
                : driver.undo(journal, operation.get(), effector(target), observer(target), shown, cause);
        try (LostLease lease = watched(target, run)) {
            Outcome outcome = run.await();
            return outcome instanceof Outcome.Suspended suspended ? List.of(suspended.reason()) : outcome.left();
        }
    }

    private Change ask(Target target, Asked change) throws StageFailedException, InterruptedException {
        checked(target);
        try {
            return change.get();
        } catch (TargetException e) {
            throw new StageFailedException(
                    Expectation.isSuperseded(e.getMessage()) ? RunOutcome.SUPERSEDED : RunOutcome.DEPLOY_FAILED,
                    Expectation.why(e.getMessage()).orElse(e.getMessage()),
                    e);
        }
    }

    /** Checks the lease: a lost lease stops running changes as well as new ones. */
    private void checked(Target target) throws StageFailedException, InterruptedException {
        try (LostLease lease = new LostLease(held, target.environment(), why -> {})) {
            if (lease.isLost()) {
                throw OutcomeFailures.lost(lease, "");
            }
            guard.check(target);
        } catch (TargetException e) {
            throw new StageFailedException(RunOutcome.DEPLOY_FAILED, e.getMessage(), e);
        }
    }

    private Run drive(Journal journal, Operation operation, Target target) {
        return driver.run(journal, operation, effector(target), observer(target), new EffectProgress(progress));
    }

    private Observer observer(Target target) {
        return new Observer(target.environment(), subject -> trials.read(target, subject), target.pace());
    }

    @Override
    public void close() {
        driver.suspend("the process ends");
        trials.close();
        threads.close();
    }
}
