package io.jenkins.plugins.pymacaron.report;

/**
 * The style of a state: a tone of the style sheet, an icon, and a word, since neither colour nor shape may be the only
 * sign.
 *
 * @param colour for readers without the style sheet
 */
record StateStyle(String tone, String icon, String word, String colour) {
    private static final String GREEN = "#1f8a54";
    private static final String RED = "#cf3a36";
    private static final String AMBER = "#b7791f";
    private static final String BLUE = "#2f6fdb";
    private static final String GREY = "#8a949e";

    static StateStyle of(StageState state) {
        return switch (state) {
            case PASSED -> new StateStyle("good", "pass", "passed", GREEN);
            case FAILED -> new StateStyle("bad", "fail", "failed", RED);
            case ROLLED_BACK -> new StateStyle("warn", "back", "rolled back", AMBER);
            case INTERRUPTED -> new StateStyle("warn", "stop", "interrupted", AMBER);
            case RUNNING -> new StateStyle("run", "run", "running", BLUE);
            case SKIPPED -> new StateStyle("none", "skip", "skipped", GREY);
            case WAITING -> new StateStyle("none", "skip", "waiting", GREY);
        };
    }

    static StateStyle of(RunOutcome outcome) {
        String word = outcome.title();
        return switch (outcome) {
            case SUCCEEDED -> new StateStyle("good", "pass", word, GREEN);
            case PLANNED, RUNNING, NOTHING_TO_DO -> new StateStyle("run", "run", word, BLUE);
            case ROLLED_BACK -> new StateStyle("warn", "back", word, AMBER);
            case INTERRUPTED, SUPERSEDED -> new StateStyle("warn", "stop", word, AMBER);
            case CONFIG_INVALID, TESTS_FAILED, BUILD_FAILED, DEPLOY_FAILED, ROLLBACK_FAILED ->
                new StateStyle("bad", "fail", word, RED);
        };
    }

    static StateStyle of(CaseStatus status) {
        return switch (status) {
            case PASSED -> new StateStyle("good", "pass", "passed", GREEN);
            case FAILED -> new StateStyle("bad", "fail", "failed", RED);
            case ERROR -> new StateStyle("bad", "fail", "error", RED);
            case SKIPPED -> new StateStyle("none", "skip", "skipped", GREY);
        };
    }
}
