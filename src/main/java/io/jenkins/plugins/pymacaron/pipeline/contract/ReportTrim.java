package io.jenkins.plugins.pymacaron.pipeline.contract;

import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.TestCase;
import io.jenkins.plugins.pymacaron.report.TestSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes a report small enough to be sent; the report on the agent keeps everything. */
public final class ReportTrim {
    /** The characters that are kept of one text. */
    static final int LONGEST = 8 << 10;

    /** A failed test is never left out, up to the limit of a report itself. */
    private static final int GOOD_CASES = 20_000;

    private ReportTrim() {}

    /** Returns a function that trims a report. @param texts characters kept of each trace and output */
    static UnaryOperator<AcceptanceReport> to(int texts) {
        return report -> {
            List<String> notes = new ArrayList<>(report.notes());
            notes.add(
                    "Traces and outputs are cut to " + texts + " characters here: the report was too big to be sent.");
            int left = GOOD_CASES;
            int gone = 0;
            List<TestSuite> suites = new ArrayList<>();
            for (TestSuite suite : report.suites()) {
                List<TestCase> cases = new ArrayList<>();
                for (TestCase test : suite.cases()) {
                    boolean good = test.status() != CaseStatus.FAILED && test.status() != CaseStatus.ERROR;
                    if (good && left-- <= 0) {
                        gone++;
                    } else {
                        cases.add(cut(test, texts));
                    }
                }
                suites.add(new TestSuite(suite.name(), suite.duration(), cases, cut(suite.output(), texts)));
            }
            if (gone > 0) {
                notes.add(gone + " tests that did not fail are left out.");
            }
            return new AcceptanceReport(suites, notes);
        };
    }

    private static TestCase cut(TestCase test, int texts) {
        return new TestCase(
                cut(test.className(), texts),
                cut(test.name(), texts),
                test.status(),
                test.duration(),
                cut(test.message(), texts),
                cut(test.detail(), texts),
                cut(test.output(), texts));
    }

    /** Keeps the end of a trace, which tells most. */
    private static String cut(String text, int length) {
        return text.length() <= length ? text : "…" + text.substring(text.length() - length);
    }
}
