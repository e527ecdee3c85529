package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What is kept after a deployment.
 *
 * @param images how many of our older images stay on the machine that builds
 * @param deployments how many earlier deployments stay ready to go back to
 * @param keepFailed whether a candidate that failed stays, to be looked at
 * @param endsRemoved whether a deployment ends what the configuration does not name any more
 * @param keep how long an earlier deployment in a cloud stays warm after it was replaced; absent = until the next success
 */
public record Retention(
        int images, int deployments, boolean keepFailed, boolean endsRemoved, Optional<Duration> keep) {}
