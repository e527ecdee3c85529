package io.jenkins.plugins.pymacaron.accept;

import io.jenkins.plugins.pymacaron.process.CheckoutPaths;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.JUnitXmlException;
import io.jenkins.plugins.pymacaron.report.SharedReport;
import io.jenkins.plugins.pymacaron.report.TextMask;
import io.jenkins.plugins.pymacaron.report.XmlLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges a run of tests by the exit codes of its processes and by their reports, which have to agree.
 *
 * @param names the directories, for messages
 * @param mask hides secrets in reports
 * @param shared whether the tests were shared among processes
 */
record TestVerdict(String names, SecretMask mask, boolean shared) {
    /** pytest's exit code when it found no test at all (pytest.ExitCode.NO_TESTS_COLLECTED); our runner has the same. */
    private static final int NO_TESTS = 5;

    /** pytest's exit code for options, plugins and configurations that it cannot use (pytest.ExitCode.USAGE_ERROR). */
    private static final int USAGE = 4;

    /** pytest's exit code when a run was ended before its end (pytest.ExitCode.INTERRUPTED); our runner has the same. */
    private static final int INTERRUPTED = 2;

    /** A process that has ended, and the path of its report. */
    record Ended(ProcessResult result, Path report) {
        private int code() {
            return result.exitCode();
        }
    }

    /** Returns the report of all processes. @throws TestsNotRunException with one line */
    AcceptanceReport of(List<Ended> processes) throws TestsNotRunException {
        if (processes.stream().allMatch(ended -> ended.code() == NO_TESTS)) {
            throw noTests(processes);
        }
        List<AcceptanceReport> parts = new ArrayList<>();
        long total = 0;
        for (Ended ended : processes) {
            parts.add(part(ended));
            total += parts.get(parts.size() - 1).counts().total();
            if (total > XmlLimits.DEFAULT.cases()) {
                throw new TestsNotRunException(
                        "the reports of the tests have more than " + XmlLimits.DEFAULT.cases() + " test cases", null);
            }
        }
        AcceptanceReport report = shared ? SharedReport.of(parts) : parts.get(0);
        int bad = report.counts().bad();
        for (int i = 0; i < parts.size(); i++) {
            ProcessResult result = processes.get(i).result();
            if (result.exitCode() == INTERRUPTED && bad == 0) {
                throw new TestsNotRunException(
                        "the tests in " + names + " were ended before all of them had run: " + reason(result), null);
            }
            if (contradicts(result.exitCode(), parts.get(i)) && (result.exitCode() != INTERRUPTED || bad == 0)) {
                throw new TestsNotRunException(
                        "all tests in the report passed, but the runner did not: " + reason(result), null);
            }
        }
        return report;
    }

    /** A process whose share has no tests may report tests that it skipped during collection. */
    private static boolean contradicts(int code, AcceptanceReport part) {
        return code == NO_TESTS
                ? part.cases().anyMatch(one -> one.status() != CaseStatus.SKIPPED)
                : code != 0 && part.counts().bad() == 0;
    }

    private TestsNotRunException noTests(List<Ended> processes) {
        long leftOut = processes.stream()
                .map(ended -> PytestWords.deselected(ended.result().tail()))
                .flatMap(Optional::stream)
                .mapToLong(TestVerdict::number)
                .sum();
        return new TestsNotRunException(
                leftOut > 0
                        ? "no test in " + names + " was run: its options leave out all, " + leftOut
                                + ". Look at addopts in pytest's ini file, and at PYTEST_ADDOPTS"
                        : "there are no tests in " + names,
                null);
    }

    private static long number(String digits) {
        return digits.length() < 10 ? Long.parseLong(digits) : 0;
    }

    private AcceptanceReport part(Ended ended) throws TestsNotRunException {
        ProcessResult result = ended.result();
        if (!Files.exists(ended.report())) {
            String how = result.exitCode() == USAGE
                    ? "the tests could not begin: "
                    : "the tests crashed and left no report: ";
            throw new TestsNotRunException(how + reason(result), null);
        }
        AcceptanceReport report = parse(ended);
        if (report.counts().total() == 0 && result.exitCode() != NO_TESTS) {
            throw new TestsNotRunException("the tests left a report without a test: " + reason(result), null);
        }
        return report;
    }

    private AcceptanceReport parse(Ended ended) throws TestsNotRunException {
        try {
            return JUnitXml.parse(ended.report(), XmlLimits.DEFAULT, new TextMask(mask::mask, mask.reach()))
                    .map(CheckoutPaths::shown);
        } catch (JUnitXmlException e) {
            String what = mask.mask(String.valueOf(e.getMessage())).replace(ended.report() + " ", "");
            throw new TestsNotRunException(
                    "the tests ended with exit code " + ended.code() + ", but left an unreadable report: " + what, e);
        }
    }

    private static String reason(ProcessResult result) {
        return PytestWords.reason(result.tail()).orElseGet(result::reason);
    }
}
