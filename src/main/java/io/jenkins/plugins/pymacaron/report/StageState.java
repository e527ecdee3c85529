package io.jenkins.plugins.pymacaron.report;

/** Where a stage of a run stands. */
public enum StageState {
    WAITING,
    RUNNING,
    PASSED,
    FAILED,
    /** Not needed or not asked for. */
    SKIPPED,
    /** It had done its work, and that work was taken back. */
    REVERTED,
    INTERRUPTED
}
