package io.jenkins.plugins.pymacaron.jenkins.agent;

import io.jenkins.plugins.pymacaron.pipeline.contract.Stage;
import java.util.Arrays;

/** The names of the stages for users, including those that only read. */
final class StageTitles {
    private StageTitles() {}

    static String of(String key) {
        return switch (key) {
            case "config" -> Messages.StageTitles_config();
            case "plan" -> Messages.StageTitles_plan();
            case "cleanup" -> Messages.StageTitles_cleanup();
            default ->
                Arrays.stream(Stage.values())
                        .filter(s -> s.key().equals(key))
                        .map(Stage::title)
                        .findFirst()
                        .orElse(key);
        };
    }
}
