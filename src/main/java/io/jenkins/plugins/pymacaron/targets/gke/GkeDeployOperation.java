package io.jenkins.plugins.pymacaron.targets.gke;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.LiveUnchangedCheck;
import io.jenkins.plugins.pymacaron.targets.Step;
import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import io.jenkins.plugins.pymacaron.targets.cloud.LastingRefusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a deployment run and proves it: it applies the objects that differ, then waits for the rollout. */
final class GkeDeployOperation implements Operation {
    static final String KIND = "gke.roll";

    /** Facts of {@link GkeWaitConditions}. */
    static final String FAILED = "failed";

    /** Another deployment has the Deployment by now. */
    static final String OTHER = "other";

    static final String PROGRESS = "progress";
    static final String DIGEST = "digest";
    static final String VERSION = "version";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        GkeDeployParameters r = GkeDeployParameters.read(state.params());
        Optional<Claim> claim = claim(state);
        List<Step> line = new ArrayList<>();
        r.expected()
                .ifPresent(expected -> line.add(LiveUnchangedCheck.step(
                        r.deployed().environment(), expected, r.deployed().deploymentId())));
        r.acts().forEach(act -> line.add(new Step.Do(forth(r, act, claim))));
        line.add(proof(r));
        return Step.next(withoutStaleComparison(line, r), state, latest, now, result(r, state));
    }

    /**
     * Removes a wait: where nothing is applied, two waits would follow each other; then the proof alone tells what
     * serves.
     */
    private static List<Step> withoutStaleComparison(List<Step> line, GkeDeployParameters r) {
        return r.acts().isEmpty() ? line.subList(line.size() - 1, line.size()) : line;
    }

    private static Map<String, String> result(GkeDeployParameters r, State state) {
        Map<String, String> result = new HashMap<>(r.deployed().toMap());
        r.acts().stream()
                .filter(act -> act.verb().equals(GkeEffects.ADDRESS))
                .flatMap(act -> state.result(act.effect().key()).stream())
                .filter(found -> found.data().containsKey(GkeEffects.ADDRESS))
                .forEach(found -> result.put("url", "http://" + found.data().get(GkeEffects.ADDRESS)));
        return result;
    }

    private static Step proof(GkeDeployParameters r) {
        String what = "version " + r.deployed().version() + " in Deployment "
                + r.subject().deployment();
        String deployment = "Deployment " + r.subject().deployment();
        return new Step.Until(r.subject().subject(), r.within(), what, LastingRefusal.ends(deployment, seen -> {
            Map<String, String> facts = seen.facts();
            if (facts.containsKey(OTHER)) {
                return Verdict.fail(Expectation.superseded(deployment + " is of " + facts.get(OTHER) + " by now"));
            }
            if (facts.containsKey(FAILED)) {
                return Verdict.fail(deployment + " " + facts.get(FAILED));
            }
            if (!facts.containsKey(VERSION)) {
                return Verdict.waitOn(facts.getOrDefault(
                        LiveUnchangedCheck.ERROR, facts.getOrDefault(PROGRESS, "nothing was seen yet")));
            }
            String digest = facts.getOrDefault(DIGEST, "");
            if (!digest.equals(r.deployed().digest())) {
                return Verdict.fail("the pods of " + deployment + " run " + digest + ", not "
                        + r.deployed().digest());
            }
            return facts.get(VERSION).equals(r.deployed().version())
                    ? Verdict.GO_ON
                    : Verdict.waitOn("GET /version answers " + facts.get(VERSION) + ", not "
                            + r.deployed().version());
        }));
    }

    /** Returns the facts that are seen if the operation succeeds. */
    static Map<String, Map<String, String>> hoped(GkeDeployParameters r) {
        return Map.of(
                GkeWaitConditions.KIND,
                Map.of(VERSION, r.deployed().version(), DIGEST, r.deployed().digest()),
                LiveUnchangedCheck.ENVIRONMENT,
                LiveUnchangedCheck.hoped(r.expected().orElse("")));
    }

    @Override
    public List<Effect> undo(State state) {
        GkeDeployParameters r = GkeDeployParameters.read(state.params());
        Optional<Claim> claim = claim(state);
        return r.back().stream()
                .filter(back -> state.touched(back.key()))
                .flatMap(back ->
                        Stream.concat(Stream.of(fenced(r, back.act(), claim, state)), over(r, back.act(), claim)))
                .toList();
    }

    /** Returns the effects that wait until no part of the undone version answers, which is later than the change. */
    private static Stream<Effect> over(GkeDeployParameters r, GkeEffects act, Optional<Claim> claim) {
        if (act.verb().equals(GkeEffects.TEMPLATE)) {
            return Stream.of(back(r, GkeEffects.serves(act.name(), act.deployment()), claim)
                    .within(r.within()));
        }
        return act.deletesDeployment() ? Stream.of(back(r, GkeEffects.ended(act.name()), claim)) : Stream.empty();
    }

    private static Effect forth(GkeDeployParameters r, GkeEffects act, Optional<Claim> claim) {
        Effect effect = creates(r, act) ? act.creation() : act.effect();
        return compares(r, act) ? compared(r, Expectation.forth(effect, r.owners(), claim)) : effect;
    }

    /** Returns whether the object is new, so that its undo deletes it. */
    private static boolean creates(GkeDeployParameters r, GkeEffects act) {
        String key = act.effect().key();
        return r.back().stream()
                .anyMatch(back -> back.key().equals(key) && back.act().verb().equals(GkeEffects.DELETE));
    }

    /** Returns the effect of the undo, which writes a template even where nothing is left to undo. */
    private static Effect fenced(GkeDeployParameters r, GkeEffects act, Optional<Claim> claim, State state) {
        Effect back = back(r, act, claim);
        return act.verb().equals(GkeEffects.TEMPLATE)
                ? back.fencedUntil(state.latest().plus(GkeEffects.AWAITED))
                : back;
    }

    private static Effect back(GkeDeployParameters r, GkeEffects act, Optional<Claim> claim) {
        // The next retention deletes a Secret or a ReplicaSet that another deployment may use by now.
        boolean kept = !r.owners().isEmpty() && (act.kind() == Kind.SECRET || act.kind() == Kind.REPLICA_SET);
        return kept || compares(r, act)
                ? compared(r, Expectation.undo(act.repeatable(), r.owners(), claim))
                : act.repeatable();
    }

    private static Effect compared(GkeDeployParameters r, Effect effect) {
        return GkeEffects.compared(effect, r.subject().deployment());
    }

    /** Returns the claim on what serves, or on the canary. */
    private static Optional<Claim> claim(State state) {
        return Claim.in(state.params()).or(() -> Claim.ofCandidate(state.params()));
    }

    /**
     * Returns whether the effect compares. Secrets and ReplicaSets belong to one deployment; all other objects serve
     * the current deployment.
     */
    private static boolean compares(GkeDeployParameters r, GkeEffects act) {
        return !r.owners().isEmpty()
                && !act.verb().equals(GkeEffects.ADDRESS)
                && !act.verb().equals(GkeEffects.FORGET)
                && act.kind() != Kind.SECRET
                && act.kind() != Kind.NAMESPACE;
    }
}
