package io.jenkins.plugins.pymacaron.image.layers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The settings of an image in addition to those of its base image, as in a Dockerfile.
 *
 * @param check the command of the HEALTHCHECK
 * @param interval of the check
 * @param timeout of the check
 * @param startPeriod of the check
 */
public record ImageSettings(
        Instant created,
        Map<String, String> environment,
        Map<String, String> labels,
        String user,
        String workingDirectory,
        List<String> command,
        int port,
        String volume,
        List<String> check,
        Duration interval,
        Duration timeout,
        Duration startPeriod) {}
