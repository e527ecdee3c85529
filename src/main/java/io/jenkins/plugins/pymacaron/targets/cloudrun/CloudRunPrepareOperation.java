package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.operation.Decision;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.Observation;
import io.jenkins.plugins.pymacaron.operation.Operation;
import io.jenkins.plugins.pymacaron.operation.State;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.LiveMark.Claim;
import io.jenkins.plugins.pymacaron.targets.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a revision and proves it: in staging with all traffic, for live without any, on the URL of a tag. It also makes
 * the service if that does not exist yet.
 */
final class CloudRunPrepareOperation implements Operation {
    static final String KIND = "cloud-run.prepare";

    /** The parameter with the mark of live that was found when a candidate was settled. */
    static final String LIVE_MARK = "liveMark";

    /** A candidate is compared by its mark alone: other candidates, and the traffic, may change beside it. */
    private static final List<String> ANY = List.of(Expectation.ANY);

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        CloudRunPrepareParameters r = CloudRunPrepareParameters.read(state.params());
        Map<String, String> result = new HashMap<>(r.deployed().toMap());
        state.result(CloudRunEffects.locate(r.revision(), tag(r)).key())
                .map(located -> located.data().get(CloudRunEffects.URL))
                .ifPresent(url -> result.put("url", url));
        return Step.next(line(r, state), state, latest, now, result);
    }

    private static String operation(CloudRunPrepareParameters r, State state) {
        return first(r).map(effect -> CloudRunEffects.operation(effect, state)).orElse("");
    }

    private static List<Step> line(CloudRunPrepareParameters r, State state) {
        String operation = operation(r, state);
        Optional<Claim> claim = claim(r, state);
        List<Step> line = new ArrayList<>();
        first(r).or(() -> claim.map(c -> CloudRunEffects.claim(r.names().service(), r.revision())))
                .ifPresent(effect ->
                        line.add(new Step.Do(Expectation.forth(effect, r.atOnce() ? states(r) : ANY, claim))));
        access(r)
                .ifPresent(effect ->
                        line.add(new Step.Do(Expectation.forth(effect, accessStates(r), accessClaim(state)))));
        line.add(CloudRunWaitConditions.ready(r, operation));
        line.add(new Step.Do(CloudRunEffects.locate(r.revision(), tag(r))));
        line.add(r.atOnce() ? CloudRunWaitConditions.serving(r, operation) : CloudRunWaitConditions.answering(r));
        return line;
    }

    /** Returns the states of the traffic that this operation finds and makes. */
    private static List<String> states(CloudRunPrepareParameters r) {
        return List.of(r.before().text(), TrafficSplit.all(r.revision()).text());
    }

    /** Returns the claim on the traffic, or on the candidate if it gets none. */
    private static Optional<Claim> claim(CloudRunPrepareParameters r, State state) {
        return r.atOnce() ? Claim.in(state.params()) : Claim.ofCandidate(state.params());
    }

    /** Returns the states of the traffic while which the access may change. A candidate leaves the traffic as it is. */
    private static List<String> accessStates(CloudRunPrepareParameters r) {
        return r.atOnce() ? states(r) : List.of(r.before().text());
    }

    /**
     * Returns the claim that protects the access. Each deployment decides who may call the service, and no request for a
     * candidate may change that for a version that was made live since.
     */
    private static Optional<Claim> accessClaim(State state) {
        Map<String, String> params = state.params();
        // A journal of an earlier version does not know the mark of live; then the states alone decide.
        return Claim.in(params).or(() -> Claim.ofCandidate(params)
                .filter(claim -> params.containsKey(LIVE_MARK))
                .map(claim -> new Claim(claim.mine(), params.get(LIVE_MARK))));
    }

    private static Optional<Effect> first(CloudRunPrepareParameters r) {
        return switch (r.there()) {
            case NOTHING -> Optional.of(CloudRunEffects.create(r));
            case SERVICE -> Optional.of(CloudRunEffects.deploy(r));
            case REVISION ->
                Optional.of(
                        r.atOnce()
                                ? CloudRunEffects.traffic(
                                        r.names().service(),
                                        TrafficSplit.all(r.revision()),
                                        r.before(),
                                        r.spec().settings(),
                                        r.spec().settings().changes(r.had()),
                                        "")
                                : CloudRunEffects.tag(r.revision(), r.tag()));
            case SERVES -> Optional.empty();
        };
    }

    private static Optional<Effect> access(CloudRunPrepareParameters r) {
        return InvokerPolicies.change(r.access(), r.names().service());
    }

    /** Returns the tag at which the revision answers; none where it gets the traffic. */
    private static String tag(CloudRunPrepareParameters r) {
        return r.atOnce() ? "" : r.tag();
    }

    @Override
    public List<Effect> undo(State state) {
        CloudRunPrepareParameters r = CloudRunPrepareParameters.read(state.params());
        Optional<Claim> claim = claim(r, state);
        List<Effect> back = new ArrayList<>();
        if (access(r).filter(effect -> state.touched(effect.key())).isPresent()
                && r.there() != CloudRunPrepareParameters.There.NOTHING) {
            Effect access = CloudRunEffects.fencing(
                    InvokerPolicies.back(r.access(), r.names().service()).orElseThrow(), state);
            // Another deployment may have found the service open, and serves it now.
            back.add(Expectation.undo(access, accessStates(r), accessClaim(state)));
        }
        if (first(r).filter(effect -> state.touched(effect.key())).isEmpty()) {
            return back;
        }
        if (r.there() == CloudRunPrepareParameters.There.NOTHING) {
            return List.of(Expectation.undo(
                    CloudRunEffects.deleteService(
                            r.names().service(), r.deployed().deploymentId()),
                    List.of("", TrafficSplit.all(r.revision()).text()),
                    claim));
        }
        if (!r.atOnce()) {
            // Before this operation there was no candidate of this mark, so only its own is removed.
            Optional<Claim> mine = claim.map(c -> new Claim(c.mine(), ""));
            back.add(Expectation.undo(CloudRunEffects.untag(r.tag()), ANY, mine));
        } else if (!r.before().shares().isEmpty()) {
            back.add(Expectation.undo(
                    CloudRunEffects.fenced(
                            CloudRunEffects.traffic(
                                    r.names().service(),
                                    r.before(),
                                    new TrafficSplit(Map.of()),
                                    r.had(),
                                    "",
                                    r.revision()),
                            state),
                    states(r),
                    claim));
            back.add(Expectation.undo(
                    CloudRunEffects.serves(r.names().service(), r.before(), r.within()), states(r), claim));
        }
        if (r.there() == CloudRunPrepareParameters.There.SERVICE) {
            back.add(
                    r.atOnce()
                            ? CloudRunEffects.deleteRevision(r.revision())
                            : CloudRunEffects.deleteCandidate(r.revision()));
        }
        return back;
    }
}
