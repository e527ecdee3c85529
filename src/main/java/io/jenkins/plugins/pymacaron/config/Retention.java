package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The rules for what is kept after a deployment.
 *
 * @param images how many of our older images stay on the machine that builds
 * @param deployments how many earlier deployments stay ready for a rollback
 * @param keepFailed whether a failed candidate stays, for inspection
 * @param endsRemoved whether a deployment ends deployments that the configuration no longer names
 * @param keep how long an earlier deployment in a cloud stays warm after it was replaced; absent = until the next
 *     success
 */
public record Retention(
        int images, int deployments, boolean keepFailed, boolean endsRemoved, Optional<Duration> keep) {}
