package io.jenkins.plugins.pymacaron.pipeline.change;

import io.jenkins.plugins.pymacaron.pipeline.contract.NextStepAdvice;
import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import io.jenkins.plugins.pymacaron.pipeline.contract.StageFailedException;
import io.jenkins.plugins.pymacaron.pipeline.progress.Uninterruptibles;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun;
import io.jenkins.plugins.pymacaron.pipeline.state.PreparedRun.Place;
import io.jenkins.plugins.pymacaron.pipeline.state.RunState;
import io.jenkins.plugins.pymacaron.pipeline.state.ServingState;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rolls back to a version that was live before, in every region or in none, without a build. */
public final class RollbackRun {
    private static final int COMMIT_SHOWN = 6;
    private static final String KEY = "rollback";

    private final PreparedRun prepared;
    private final OperationRunner operations;
    private final RunState state;
    private final NextStepAdvice advice;

    /** Makes the rollback. @param state of a run that {@link #begin} has begun */
    public RollbackRun(PreparedRun prepared, OperationRunner operations, RunState state, NextStepAdvice advice) {
        this.advice = advice;
        this.prepared = prepared;
        this.operations = operations;
        this.state = state;
    }

    /** Begins the rollback. @param version empty for the one that was live before */
    public static void begin(RunState state, Optional<String> version) throws IOException {
        state.put(KEY, Map.of("version", version.orElse("")));
    }

    /** Ends the rollback, so that the stages after it do not count as rollbacks, nor another rollback as this one. */
    public void end() throws IOException {
        for (Place place : prepared.live()) {
            state.put(name("good", place), Map.of());
            state.put(name("now", place), Map.of());
        }
        state.put(KEY, Map.of());
    }

    /** Returns the deployments that serve again, in the order of the regions of live. */
    public List<Deployed> good() {
        return prepared.live().stream().map(place -> kept("good", place)).toList();
    }

    /** Returns the deployments that served when it began, in the same order. */
    public List<Deployed> bad() {
        return prepared.live().stream().map(place -> kept("now", place)).toList();
    }

    /** Removes a rollback without success from the state: other stages must not know of it. */
    public static Map<String, Map<String, String>> over(Map<String, Map<String, String>> state) {
        Map<String, Map<String, String>> over = new TreeMap<>(state);
        over.replaceAll((name, kept) -> name.equals(KEY) || name.matches("(good|now)-[0-9]+") ? Map.of() : kept);
        return over;
    }

    /** Returns whether a run is a rollback. */
    public static boolean isOf(RunState state) {
        return !state.get(KEY).isEmpty();
    }

    public String run() throws StageFailedException, IOException, InterruptedException {
        Optional<String> version = state.get(KEY, "version").filter(v -> !v.isEmpty());
        for (Place place : prepared.live()) {
            if (state.get(name("good", place)).isEmpty()) {
                Deployed good = choose(place, version, advice);
                state.put(name("now", place), current(place).orElseThrow().toMap());
                state.put(name("good", place), good.toMap());
            }
        }
        try {
            return bringBack();
        } catch (StageFailedException e) {
            throw aftermath().of(e, changed());
        } catch (InterruptedException e) {
            aftermath().after(e, changed());
            throw e;
        }
    }

    private OutcomeVerifier aftermath() {
        return new OutcomeVerifier(operations.progress());
    }

    private List<ChangedEnvironment> changed() {
        return prepared.live().stream()
                .map(Returned::new)
                .map(ChangedEnvironment.class::cast)
                .toList();
    }

    /** A region of live during a rollback. */
    private final class Returned implements ChangedEnvironment {
        private final Place place;

        Returned(Place place) {
            this.place = place;
        }

        @Override
        public Place place() {
            return place;
        }

        @Override
        public boolean touched() throws IOException {
            return operations.hasBegun(name("rollback", place));
        }

        @Override
        public ServingState standing() {
            return new ServingState(Optional.of(kept("now", place)), true);
        }

        @Override
        public boolean isOurs(Deployed deployed) {
            return deployed.revision().equals(kept("good", place).revision());
        }
    }

    private String bringBack() throws StageFailedException, IOException, InterruptedException {
        List<String> notes = new ArrayList<>();
        try {
            for (Place place : prepared.live()) {
                Deployed good = kept("good", place);
                Deployed now = kept("now", place);
                change(name("rollback", place), place, now, good);
                notes.add(good.version() + " serves again at " + good.url() + ", instead of " + now.version());
            }
        } catch (StageFailedException | InterruptedException e) {
            List<String> left = Uninterruptibles.finish(this::undo);
            if (left.isEmpty() && e instanceof StageFailedException f && f.outcome() == RunOutcome.ROLLBACK_FAILED) {
                throw new StageFailedException(
                        RunOutcome.DEPLOY_FAILED, e.getMessage() + "; undone at a second attempt", e);
            }
            if (!left.isEmpty()) {
                throw new StageFailedException(
                        RunOutcome.ROLLBACK_FAILED, e.getMessage() + "; and " + String.join("; ", left), e);
            }
            throw e;
        }
        return String.join("; ", notes);
    }

    /** Makes the versions live again that were live when the rollback began. @return what is left, a sentence each */
    public List<String> undo() throws IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        for (Place place : prepared.live()) {
            String change = name("rollback", place);
            left.addAll(operations.undo(place.target(), change, "the rollback is broken off"));
            if (!operations.result(change).isEmpty()) {
                try {
                    operations.runBack(
                            name("undo", place), place.target(), prepared.timeout(Stage.ROLLBACK), () -> place.target()
                                    .rollBack(kept("good", place), kept("now", place)));
                } catch (StageFailedException e) {
                    if (e.outcome() == RunOutcome.SUPERSEDED) {
                        operations.progress().say(e.getMessage());
                        continue;
                    }
                    left.add("the rollback of " + place.environment().name() + " was not undone: " + e.getMessage());
                }
            }
        }
        return left;
    }

    private void change(String name, Place place, Deployed from, Deployed to)
            throws StageFailedException, IOException, InterruptedException {
        operations.run(name, place.target(), prepared.timeout(Stage.ROLLBACK), () -> place.target()
                .rollBack(from, to));
    }

    private Deployed kept(String what, Place place) {
        return Deployed.fromMap(state.get(name(what, place))).orElseThrow();
    }

    private static String name(String what, Place place) {
        return what + "-" + place.environment().index();
    }

    /** Chooses the version. @throws StageFailedException when there is no kept version, or not that one */
    public static Deployed choose(Place place, Optional<String> version, NextStepAdvice advice)
            throws StageFailedException, InterruptedException {
        String environment = place.environment().name();
        Optional<Deployed> now = current(place);
        if (now.isEmpty()) {
            String last = earlier(place).stream()
                    .findFirst()
                    .map(d -> "; " + advice.deploy(d.version()) + " has the one serve again that did last")
                    .orElse("");
            throw refused("nothing is live in " + environment + ", so there is nothing to roll back" + last);
        }
        if (version.isPresent() && version.get().equals(now.get().version())) {
            throw refused(version.get() + " is live in " + environment + " already");
        }
        List<Deployed> kept = earlier(place);
        return kept.stream()
                .filter(d -> version.isEmpty() || version.get().equals(d.version()))
                .findFirst()
                .orElseThrow(() -> refused(missing(environment, version, kept, advice)));
    }

    private static String missing(
            String environment, Optional<String> version, List<Deployed> kept, NextStepAdvice advice) {
        String versions = kept.stream().map(Deployed::version).distinct().collect(Collectors.joining(", "));
        return version.map(v -> "version " + v + " is not").orElse("no earlier version is") + " kept in " + environment
                + "; " + (versions.isEmpty() ? "" : "there are " + versions + "; ")
                + advice.deploy("VERSION") + " deploys any image that exists";
    }

    /** Returns whether a deployment has rolled back to an earlier version before. */
    public static boolean wasIn(Map<String, Map<String, String>> state) {
        return state.containsKey(KEY);
    }

    /** Returns the versions that a rollback can use, in a sentence. */
    public static String kept(Place place) throws StageFailedException, InterruptedException {
        String versions =
                earlier(place).stream().map(Deployed::version).distinct().collect(Collectors.joining(", "));
        return versions.isEmpty() ? "no earlier one is kept" : "kept are " + versions;
    }

    /** Returns the version that serves and the kept versions, a line each. */
    public static List<String> list(Place place) throws StageFailedException, InterruptedException {
        List<String> lines = new ArrayList<>();
        lines.add(place.environment().name() + ": "
                + current(place)
                        .map(now -> now.version() + " serves at " + now.url() + " since " + now.since())
                        .orElse("nothing serves now"));
        List<Deployed> kept = earlier(place);
        kept.forEach(
                d -> lines.add("  kept: " + d.version() + ", commit " + shortened(d.commit()) + ", made " + d.since()));
        if (kept.isEmpty()) {
            lines.add("  no earlier version is kept");
        }
        return lines;
    }

    private static String shortened(String commit) {
        return commit.length() > COMMIT_SHOWN ? commit.substring(0, COMMIT_SHOWN) : commit;
    }

    private static Optional<Deployed> current(Place place) throws StageFailedException, InterruptedException {
        try {
            return place.target().current();
        } catch (TargetException e) {
            throw refused(e.getMessage());
        }
    }

    private static List<Deployed> earlier(Place place) throws StageFailedException, InterruptedException {
        try {
            return place.target().earlier();
        } catch (TargetException e) {
            throw refused(e.getMessage());
        }
    }

    private static StageFailedException refused(String message) {
        return new StageFailedException(RunOutcome.CONFIG_INVALID, message);
    }
}
