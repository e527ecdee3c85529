package io.jenkins.plugins.pymacaron.targets.cloudrun;

import io.jenkins.plugins.pymacaron.config.GoogleKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;

/** The settings that stand for others where those are not set. */
final class DefaultedKeys {
    private DefaultedKeys() {}

    /**
     * Returns the project: in images of gcr.io and of Artifact Registry it is the first part of {@code docker_repo}.
     */
    static String project(PymConfig config) {
        return config.find(GoogleKeys.GCP_PROJECT)
                .orElseGet(() -> config.dockerRepo().replaceFirst("/.*", ""));
    }

    static String region(PymConfig config) {
        return config.get(GoogleKeys.GCP_REGION);
    }
}
