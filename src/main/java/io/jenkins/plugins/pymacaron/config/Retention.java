package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What is kept after a deployment.
 *
 * @param images how many of our older images stay on the machine that builds
 * @param deployments how many earlier deployments stay ready to go back to
 * @param keep how long an earlier deployment stays ready; empty = until the next one succeeds
 * @param keepFailed whether a candidate that failed stays, to be looked at
 */
public record Retention(int images, int deployments, Optional<Duration> keep, boolean keepFailed) {}
