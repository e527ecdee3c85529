package io.jenkins.plugins.pymacaron.cli;

import io.jenkins.plugins.pymacaron.report.RunOutcome;

/** The exit codes of {@code pymdeploy}, as docs/pymdeploy.md lists them. Never reuse a number. */
public enum ExitCode {
    DONE(0, "everything was done"),
    BUG(1, "an error of pymdeploy itself; the stack trace is in the log"),
    USAGE(2, "unknown option, missing value, or options that contradict each other"),
    PREFLIGHT(3, "configuration, secrets, tools or source are not ready; nothing was done"),
    TESTS_FAILED(4, "unit tests or acceptance tests failed before live was touched"),
    BUILD_FAILED(5, "the image could not be built or pushed"),
    DEPLOY_FAILED(6, "staging or live could not be deployed; the previous version still serves"),
    ROLLED_BACK(7, "live failed its acceptance; the previous version serves again, proven"),
    ROLLBACK_FAILED(
            8, "a part of the undo failed; the message names the serving version: a person must look at it now"),
    NOTHING_TO_RESUME(9, "no run was cut off, so there is nothing to resume; nothing was done"),
    SUPERSEDED(10, "another deployment or a newer commit came first; its version was left alone"),
    INTERRUPTED(130, "Ctrl-C; unfinished changes have been undone"),
    TERMINATED(143, "SIGTERM; unfinished changes have been undone");

    /** Returns the number of an outcome. The operating system reports an interruption: see {@link #INTERRUPTED}. */
    static ExitCode of(RunOutcome outcome) {
        return switch (outcome) {
            case SUCCEEDED, PLANNED -> DONE;
            case NOTHING_TO_DO -> NOTHING_TO_RESUME;
            case CONFIG_INVALID -> PREFLIGHT;
            case TESTS_FAILED -> TESTS_FAILED;
            case BUILD_FAILED -> BUILD_FAILED;
            case DEPLOY_FAILED -> DEPLOY_FAILED;
            case ROLLED_BACK -> ROLLED_BACK;
            case ROLLBACK_FAILED -> ROLLBACK_FAILED;
            case SUPERSEDED -> SUPERSEDED;
            case INTERRUPTED -> INTERRUPTED;
            case RUNNING -> BUG;
        };
    }

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
