package io.jenkins.plugins.pymacaron.report;

/** The result of one test case. */
public enum CaseStatus {
    PASSED,
    /** An assertion did not hold. */
    FAILED,
    /** The test could not run: an exception in it, in its setup, or while it was collected. */
    ERROR,
    SKIPPED;

    /** Returns whether a case with this result makes its stage fail. */
    public boolean bad() {
        return this == FAILED || this == ERROR;
    }
}
