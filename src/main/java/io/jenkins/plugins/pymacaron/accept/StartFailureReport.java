package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.TestCase;
import io.jenkins.plugins.pymacaron.report.TestSuite;
import java.time.Duration;
import java.util.List;

/** Reports a service that did not start, as a test report with one test. */
public final class StartFailureReport {
    private StartFailureReport() {}

    /** Returns the report. @param why its first line is the reason, the rest is from the service's log */
    public static AcceptanceReport report(String service, String why) {
        int end = why.indexOf('\n');
        String reason = end < 0 ? why : why.substring(0, end);
        TestCase test = new TestCase(service, "starts", CaseStatus.ERROR, Duration.ZERO, reason, why, "");
        return new AcceptanceReport(List.of(new TestSuite("", Duration.ZERO, List.of(test), "")), List.of());
    }
}
