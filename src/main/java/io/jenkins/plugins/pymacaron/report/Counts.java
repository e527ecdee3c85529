package io.jenkins.plugins.pymacaron.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The number of test cases by result. */
public record Counts(int passed, int failed, int errors, int skipped) {

    public static final Counts NONE = new Counts(0, 0, 0, 0);

    static Counts of(Collection<TestCase> cases) {
        int[] n = new int[CaseStatus.values().length];
        cases.forEach(c -> n[c.status().ordinal()]++);
        return new Counts(
                n[CaseStatus.PASSED.ordinal()],
                n[CaseStatus.FAILED.ordinal()],
                n[CaseStatus.ERROR.ordinal()],
                n[CaseStatus.SKIPPED.ordinal()]);
    }

    public int total() {
        return passed + failed + errors + skipped;
    }

    /** Returns the number of cases that make the stage fail. */
    public int bad() {
        return failed + errors;
    }

    public Counts plus(Counts other) {
        return new Counts(passed + other.passed, failed + other.failed, errors + other.errors, skipped + other.skipped);
    }

    /** Returns a text for people, as in {@code 12 tests: 10 passed, 1 failed, 1 skipped}. */
    @Override
    public String toString() {
        if (total() == 0) {
            return "no tests";
        }
        List<String> parts = new ArrayList<>();
        add(parts, passed, "passed");
        add(parts, failed, "failed");
        add(parts, errors, errors == 1 ? "error" : "errors");
        add(parts, skipped, "skipped");
        return total() + (total() == 1 ? " test: " : " tests: ") + String.join(", ", parts);
    }

    private static void add(List<String> parts, int n, String what) {
        if (n > 0) {
            parts.add(n + " " + what);
        }
    }
}
