package io.jenkins.plugins.pymacaron.report;

/** How a whole run ended. */
public enum RunOutcome {
    RUNNING("Running"),
    /** A plan was printed and nothing was changed. */
    PLANNED("Planned"),
    SUCCEEDED("Succeeded"),
    /** What was asked for cannot be done, because there is nothing to do it to. */
    NOTHING_TO_DO("Nothing to do"),
    CONFIG_INVALID("Not started"),
    TESTS_FAILED("Tests failed"),
    BUILD_FAILED("Build failed"),
    DEPLOY_FAILED("Deploy failed"),
    /** Live failed its acceptance, and the version before it serves again, proven. */
    ROLLED_BACK("Rolled back"),
    /** Something could not be taken back: what serves is as the message says, and a person has to look. */
    ROLLBACK_FAILED("Rollback failed"),
    /** Another deployment, or a newer commit, came first: what serves is its, and was left alone. */
    SUPERSEDED("Superseded"),
    INTERRUPTED("Interrupted");

    private final String title;

    RunOutcome(String title) {
        this.title = title;
    }

    /** One or two words for a badge. */
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
