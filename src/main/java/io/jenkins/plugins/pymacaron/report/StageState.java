package io.jenkins.plugins.pymacaron.report;

/** The state of a stage in a run. */
public enum StageState {
    WAITING,
    RUNNING,
    PASSED,
    FAILED,
    /** Not needed or not asked for. */
    SKIPPED,
    /** It had done its work, and that work was rolled back. */
    ROLLED_BACK,
    INTERRUPTED
}
