package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.targets.Deployed;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The faults in one {@link FakeTarget}, as a test has set them. */
public final class FakeFaults {
    /** Beginnings of keys of effects that are certainly not applied, such as {@code create:}. */
    public final Set<String> refused = new HashSet<>();

    /** Beginnings of keys of effects that are applied, and whose answer is lost. */
    public final Set<String> unanswered = new HashSet<>();

    /** Changes that cannot be settled, such as {@code activate}, with the reason. */
    public final Map<String, String> unsettled = new HashMap<>();

    /** The answer of a version instead of itself. */
    public final Map<String, String> answers = new HashMap<>();

    /** Versions that never become ready, with what is seen of them: "" for nothing yet. */
    public final Map<String, String> unready = new HashMap<>();

    /** The logs of versions. */
    public final Map<String, String> logs = new HashMap<>();

    /** Whether the version that gets the traffic does not serve. */
    public boolean losesLive;

    /** The reason that nothing can be read; empty if everything can. */
    public String unreadable = "";

    void clear() {
        refused.clear();
        unanswered.clear();
        unsettled.clear();
        answers.clear();
        unready.clear();
        logs.clear();
        losesLive = false;
        unreadable = "";
    }

    void read() throws TargetException {
        if (!unreadable.isEmpty()) {
            throw new TargetException(unreadable);
        }
    }

    void settle(String change) throws TargetException {
        if (unsettled.containsKey(change)) {
            throw new TargetException(unsettled.get(change));
        }
    }

    Map<String, String> readiness(Deployed made) {
        return made == null ? Map.of() : Map.of(FakeOperation.READY, unready.getOrDefault(made.version(), "true"));
    }

    void beforeApplying(Effect effect) throws EffectException {
        if (refused.stream().anyMatch(effect.key()::startsWith)) {
            throw EffectException.rejected("refused");
        }
    }

    void afterApplying(Effect effect) throws EffectException {
        if (unanswered.stream().anyMatch(effect.key()::startsWith)) {
            throw EffectException.uncertain("the answer was lost", null);
        }
    }
}
