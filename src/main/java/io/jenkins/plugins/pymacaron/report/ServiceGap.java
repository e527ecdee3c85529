package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;

/**
 * The gap that a client measured by repeated requests while live was replaced. {@code longest} is zero if there was
 * none.
 */
public record ServiceGap(long probes, long failures, Duration longest) {

    @Override
    public String toString() {
        return failures == 0
                ? "no failed request in " + probes + " probes"
                : failures + " of " + probes + " probes failed, longest gap " + HumanFormats.duration(longest);
    }
}
