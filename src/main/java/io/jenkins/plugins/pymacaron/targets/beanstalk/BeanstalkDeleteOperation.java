package io.jenkins.plugins.pymacaron.targets.beanstalk;

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
 * Terminates environments and deletes application versions that are no longer needed. It does not wait for their end.
 */
final class BeanstalkDeleteOperation implements Operation {
    static final String KIND = "beanstalk.retire";

    /** Returns the parameters. @param even whether an environment that owns {@code cname} may go too */
    static Map<String, String> params(
            List<String> environments,
            List<String> labels,
            String application,
            String service,
            String cname,
            boolean even) {
        Map<String, String> params = new HashMap<>();
        params.put("environments", String.join(" ", environments));
        params.put("labels", String.join("\n", labels));
        params.put("application", application);
        params.put("service", service);
        params.put("cname", cname);
        params.put("even", Boolean.toString(even));
        return params;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Decision decide(State state, Optional<Observation> latest, Instant now) {
        Map<String, String> p = state.params();
        List<Step> line = new ArrayList<>();
        for (String name : split(p.get("environments"), " ")) {
            Effect terminate = BeanstalkEffects.terminate(
                    name, p.get("service"), p.get("cname"), Boolean.parseBoolean(p.get("even")), state.started());
            Optional<Claim> claim = Claim.in(p);
            line.add(new Step.Do(
                    claim.isPresent() ? Expectation.forth(terminate, List.of(Expectation.ANY), claim) : terminate));
        }
        for (String label : split(p.get("labels"), "\n")) {
            line.add(new Step.Do(BeanstalkEffects.forget(p.get("application"), label)));
        }
        return Step.next(line, state, latest, now, Map.of());
    }

    private static List<String> split(String text, String by) {
        return text.isEmpty() ? List.of() : List.of(text.split(by));
    }

    /** Returns no effects: ended environments are not needed, and an interrupted deletion has simply ended fewer. */
    @Override
    public List<Effect> undo(State state) {
        return List.of();
    }
}
