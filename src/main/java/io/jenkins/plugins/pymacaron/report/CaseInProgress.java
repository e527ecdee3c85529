package io.jenkins.plugins.pymacaron.report;

import java.time.Duration;

/** A test case while its element is read. */
final class CaseInProgress {
    private static final int MESSAGE = 500;

    private final String className;
    private final String name;
    private final Duration duration;
    private final boolean ofSuite;
    private CaseStatus status = CaseStatus.PASSED;
    private String message = "";
    private String detail = "";
    private String output = "";

    CaseInProgress(String className, String name, Duration duration) {
        this(className, name.isEmpty() ? "(no name)" : name, duration, false);
    }

    private CaseInProgress(String className, String name, Duration duration, boolean ofSuite) {
        this.className = className;
        this.name = name;
        this.duration = duration;
        this.ofSuite = ofSuite;
    }

    /** Returns a case that stands for a failure that a runner reports for the suite itself. */
    static CaseInProgress ofSuite(String suite) {
        return new CaseInProgress(suite, "(suite)", Duration.ZERO, true);
    }

    static CaseStatus status(String element) {
        return switch (element) {
            case "failure" -> CaseStatus.FAILED;
            case "error" -> CaseStatus.ERROR;
            default -> CaseStatus.SKIPPED;
        };
    }

    boolean ofSuite() {
        return ofSuite;
    }

    Duration duration() {
        return duration;
    }

    /** Sets a result; the worst one stays: a test may fail and then fail in its teardown too. */
    void result(CaseStatus how, String why, String type) {
        boolean worse = status == CaseStatus.PASSED || status == CaseStatus.SKIPPED && how.bad();
        if (worse) {
            status = how;
            String reason = why.isBlank() ? type : why;
            message = ReportSanitizer.line(reason.strip().lines().findFirst().orElse(""), MESSAGE);
        }
    }

    void detail(String text) {
        detail = join(detail, text);
    }

    void output(String text) {
        output = join(output, text);
    }

    private static String join(String before, String more) {
        return before.isEmpty() ? more : more.isEmpty() ? before : before + "\n" + more;
    }

    TestCase build() {
        String why = message;
        if (why.isEmpty() && status != CaseStatus.PASSED) {
            // A Python traceback has the exception in its last line.
            why = ReportSanitizer.line(detail.substring(detail.lastIndexOf('\n') + 1), MESSAGE);
        }
        return new TestCase(className, name, status, duration, why, detail, output);
    }
}
