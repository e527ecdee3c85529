package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import java.util.Map;

/**
 * The verdict of the acceptance tests on a candidate that has a part of live's traffic. If tests are wanted, the test
 * runner adds this verdict, as a fact, to the facts that a target observes.
 */
public final class CanaryVerdict {
    /** Fact: "" while the tests run; then {@link #PASSED}, or the reason why they did not pass. */
    public static final String ACCEPTED = "accepted";

    public static final String PASSED = "passed";

    private CanaryVerdict() {}

    /**
     * Returns the verdict on the candidate with the tests taken into account.
     *
     * @param live the verdict on the candidate without the tests
     */
    public static Verdict judge(Map<String, String> facts, Verdict live) {
        String accepted = facts.getOrDefault(ACCEPTED, PASSED);
        if (!accepted.isEmpty() && !accepted.equals(PASSED)) {
            return Verdict.fail(accepted);
        }
        return accepted.isEmpty() && live.equals(Verdict.GO_ON) ? Verdict.waitOn("its tests have not ended") : live;
    }
}
