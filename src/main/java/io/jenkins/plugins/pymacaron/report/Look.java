package io.jenkins.plugins.pymacaron.report;

/**
 * How a state looks: a tone of the style sheet, an icon, and a word, since neither colour nor shape may be the only sign.
 *
 * @param colour for readers without the style sheet
 */
record Look(String tone, String icon, String word, String colour) {
    private static final String GREEN = "#1f8a54";
    private static final String RED = "#cf3a36";
    private static final String AMBER = "#b7791f";
    private static final String BLUE = "#2f6fdb";
    private static final String GREY = "#8a949e";

    static Look of(StageState state) {
        return switch (state) {
            case PASSED -> new Look("good", "pass", "passed", GREEN);
            case FAILED -> new Look("bad", "fail", "failed", RED);
            case REVERTED -> new Look("warn", "back", "reverted", AMBER);
            case INTERRUPTED -> new Look("warn", "stop", "interrupted", AMBER);
            case RUNNING -> new Look("run", "run", "running", BLUE);
            case SKIPPED -> new Look("none", "skip", "skipped", GREY);
            case WAITING -> new Look("none", "skip", "waiting", GREY);
        };
    }

    static Look of(RunOutcome outcome) {
        String word = outcome.title();
        return switch (outcome) {
            case SUCCEEDED -> new Look("good", "pass", word, GREEN);
            case PLANNED, RUNNING, NOTHING_TO_DO -> new Look("run", "run", word, BLUE);
            case ROLLED_BACK -> new Look("warn", "back", word, AMBER);
            case INTERRUPTED, SUPERSEDED -> new Look("warn", "stop", word, AMBER);
            case CONFIG_INVALID, TESTS_FAILED, BUILD_FAILED, DEPLOY_FAILED, ROLLBACK_FAILED ->
                new Look("bad", "fail", word, RED);
        };
    }

    static Look of(CaseStatus status) {
        return switch (status) {
            case PASSED -> new Look("good", "pass", "passed", GREEN);
            case FAILED -> new Look("bad", "fail", "failed", RED);
            case ERROR -> new Look("bad", "fail", "error", RED);
            case SKIPPED -> new Look("none", "skip", "skipped", GREY);
        };
    }
}
