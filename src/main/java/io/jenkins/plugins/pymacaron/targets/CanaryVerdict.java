package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.targets.Step.Verdict;
import java.util.Map;

/**
 * What the acceptance tests say of a candidate that has a part of live's traffic: a fact that whoever runs the tests adds
 * to what a target sees, where tests are wanted.
 */
public final class CanaryVerdict {
    /** Fact: "" while the tests run, then {@link #PASSED}, or why not. */
    public static final String ACCEPTED = "accepted";

    public static final String PASSED = "passed";

    private CanaryVerdict() {}

    /** @param live what is to be thought of the candidate without tests */
    public static Verdict judge(Map<String, String> facts, Verdict live) {
        String accepted = facts.getOrDefault(ACCEPTED, PASSED);
        if (!accepted.isEmpty() && !accepted.equals(PASSED)) {
            return Verdict.fail(accepted);
        }
        return accepted.isEmpty() && live.equals(Verdict.GO_ON) ? Verdict.waitOn("its tests have not ended") : live;
    }
}
