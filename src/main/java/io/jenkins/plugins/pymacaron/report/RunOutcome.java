package io.jenkins.plugins.pymacaron.report;

/** The outcome of a whole run. */
public enum RunOutcome {
    RUNNING("Running"),
    /** A plan was printed and nothing was changed. */
    PLANNED("Planned"),
    SUCCEEDED("Succeeded"),
    /** The request cannot be done, because there is nothing that it applies to. */
    NOTHING_TO_DO("Nothing to do"),
    CONFIG_INVALID("Not started"),
    TESTS_FAILED("Tests failed"),
    BUILD_FAILED("Build failed"),
    DEPLOY_FAILED("Deploy failed"),
    /** Live failed its acceptance, and the version before it serves again, proven. */
    ROLLED_BACK("Rolled back"),
    /** Something could not be rolled back: the message names the version that serves, and a person has to check it. */
    ROLLBACK_FAILED("Rollback failed"),
    /** Another deployment, or a newer commit, came first: its version serves, and was left alone. */
    SUPERSEDED("Superseded"),
    INTERRUPTED("Interrupted");

    private final String title;

    RunOutcome(String title) {
        this.title = title;
    }

    /** Returns one or two words for a badge. */
    public String title() {
        return title;
    }

    public boolean ended() {
        return this != RUNNING;
    }

    public boolean good() {
        return this == SUCCEEDED || this == PLANNED;
    }
}
