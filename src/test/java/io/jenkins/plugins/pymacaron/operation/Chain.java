package io.jenkins.plugins.pymacaron.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one thing after the other, each when the one before is ready. */
final class Chain implements Operation {
    static final Duration SETTLE = Duration.ofSeconds(60);
    static final Duration READY_WITHIN = Duration.ofHours(2);

    static Map<String, String> length(int things) {
        return Map.of("things", Integer.toString(things));
    }

    static Effect make(int i) {
        return new Effect("make-" + i, "make", Map.of("thing", "thing-" + i), SETTLE, "make thing-" + i);
    }

    static Effect drop(int i) {
        return new Effect("drop-" + i, "drop", Map.of("thing", "thing-" + i), SETTLE, "drop thing-" + i);
    }

    static int things(State state) {
        return Integer.parseInt(state.params().get("things"));
    }

    @Override
    public String kind() {
        return "test.chain";
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        Map<String, String> made = new HashMap<>();
        for (int i = 0; i < things(state); i++) {
            Optional<State.Result> result = state.result(make(i).key()).filter(State.Result::good);
            if (result.isEmpty()) {
                return new Decision.Apply(make(i));
            }
            made.put("thing-" + i, result.get().data().get("id"));
            boolean last = state.result(make(i + 1).key()).isEmpty();
            Subject subject = new Subject("thing", "thing-" + i);
            boolean ready = latest.filter(o -> o.subject().equals(subject))
                    .filter(o -> "true".equals(o.facts().get("ready")))
                    .isPresent();
            if (last && !ready) {
                return new Decision.Await(subject, result.get().at().plus(READY_WITHIN), "thing-" + i);
            }
        }
        return new Decision.Done(made);
    }

    @Override
    public List<Effect> undo(State state) {
        List<Effect> back = new ArrayList<>();
        for (int i = 0; i < things(state); i++) {
            if (state.touched(make(i).key())) {
                back.add(drop(i));
            }
        }
        Collections.reverse(back);
        return back;
    }
}
