package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;

/** Settings that stand for others where they are not set. */
final class DefaultedKeys {
    private DefaultedKeys() {}

    /** In images of gcr.io and of Artifact Registry the first part of {@code docker_repo} is the project. */
    static String project(PymConfig config) {
        return config.find(GoogleKeys.GCP_PROJECT)
                .orElseGet(() -> config.dockerRepo().replaceFirst("/.*", ""));
    }

    static String region(PymConfig config) {
        return config.get(GoogleKeys.GCP_REGION);
    }
}
