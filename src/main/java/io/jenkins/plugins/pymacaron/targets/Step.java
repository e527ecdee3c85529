package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.operation.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A step of an operation that is a straight line of effects and waits, as many operations are.
 *
 * <p>Observations are not kept in the journal, so a wait counts as over once an effect after it has a result. Two waits
 * for different subjects therefore need an effect between them.
 */
public sealed interface Step {
    /** Applies {@code effect}. */
    record Do(Effect effect) implements Step {}

    /**
     * Waits until {@code judge} accepts what is observed of {@code subject}.
     *
     * @param within the time limit, from the result of the effect before
     * @param what the end of the sentence "waiting for …"
     */
    record Until(Subject subject, Duration within, String what, Function<Observation, Verdict> judge) implements Step {}

    /** The meaning of an observation to a wait. */
    record Verdict(Kind kind, String reason) {
        public enum Kind {
            GO_ON,
            WAIT,
            FAIL
        }

        public static final Verdict GO_ON = new Verdict(Kind.GO_ON, "");

        public static Verdict waitOn(String reason) {
            return new Verdict(Kind.WAIT, reason);
        }

        public static Verdict fail(String reason) {
            return new Verdict(Kind.FAIL, reason);
        }
    }

    /** Returns the next decision of the line; {@code result} is what the operation returns at its end. */
    static Decision next(
            List<Step> line, State state, Optional<Observation> latest, Instant now, Map<String, String> result) {
        if (state.rejection().isPresent()) {
            return new Decision.Failed(state.rejection().get());
        }
        int from = 0;
        Instant since = state.started();
        for (int i = 0; i < line.size(); i++) {
            if (line.get(i) instanceof Do step) {
                Optional<State.Result> done = state.result(step.effect().key());
                if (done.isPresent()) {
                    from = i + 1;
                    since = done.get().at();
                }
            }
        }
        for (Step step : line.subList(from, line.size())) {
            if (step instanceof Do effect) {
                return new Decision.Apply(effect.effect());
            }
            Until until = (Until) step;
            Optional<Observation> seen = latest.filter(o -> o.subject().equals(until.subject()));
            Verdict verdict = seen.map(until.judge()).orElse(Verdict.waitOn("nothing was seen yet"));
            Instant deadline = since.plus(until.within());
            if (verdict.kind() == Verdict.Kind.FAIL) {
                return new Decision.Failed(verdict.reason());
            }
            if (verdict.kind() == Verdict.Kind.WAIT) {
                return now.isBefore(deadline)
                        ? new Decision.Await(until.subject(), deadline, until.what())
                        : new Decision.Failed("gave up waiting for " + until.what() + " after "
                                + until.within().toSeconds() + " s: " + verdict.reason());
            }
        }
        return new Decision.Done(result);
    }
}
