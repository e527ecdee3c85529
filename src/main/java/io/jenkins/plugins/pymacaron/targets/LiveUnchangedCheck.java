package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.operation.Subject;
import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import java.time.Duration;
import java.util.Map;

/**
 * The first step of each operation that changes live: it checks that the deployment that serves is still the one that
 * served when the run began.
 */
public final class LiveUnchangedCheck {
    /** Subject: the deployment that serves in the environment of that name, its {@link #DEPLOYMENT}. */
    public static final String ENVIRONMENT = "environment";

    /** Fact: the id of the deployment that serves; absent when nothing does. */
    public static final String DEPLOYMENT = "deployment";

    /** Fact of any subject: the reason why it cannot be seen now. */
    public static final String ERROR = "error";

    private static final Duration WITHIN = Duration.ofSeconds(30);

    private LiveUnchangedCheck() {}

    /** Returns the step. @param expected the deployment that has to serve, "" for none */
    public static Step step(String environment, String expected) {
        return step(environment, expected, expected);
    }

    /** Returns the step. @param candidate the deployment that is to serve, which may already do so */
    public static Step step(String environment, String expected, String candidate) {
        return new Step.Until(
                new Subject(ENVIRONMENT, environment), WITHIN, "the serving version of " + environment, seen -> {
                    String found = seen.facts().getOrDefault(DEPLOYMENT, "");
                    if (seen.facts().containsKey(ERROR)) {
                        return Verdict.waitOn(seen.facts().get(ERROR));
                    }
                    return found.equals(expected) || found.equals(candidate)
                            ? Verdict.GO_ON
                            : Verdict.fail(Expectation.superseded((found.isEmpty() ? "nothing" : found) + " serves in "
                                    + environment + " by now, not " + (expected.isEmpty() ? "nothing" : expected)));
                });
    }

    /** Returns the observation that is expected if no other deployment came between. */
    public static Map<String, String> hoped(String expected) {
        return Map.of(DEPLOYMENT, expected);
    }
}
