package io.jenkins.plugins.pymacaron.report;

/** How one test case ended. */
public enum CaseStatus {
    PASSED,
    /** An assertion did not hold. */
    FAILED,
    /** The test could not be carried out: an exception in it, in its setup, or while it was collected. */
    ERROR,
    SKIPPED;

    /** Whether a case that ended so makes its stage fail. */
    public boolean bad() {
        return this == FAILED || this == ERROR;
    }
}
