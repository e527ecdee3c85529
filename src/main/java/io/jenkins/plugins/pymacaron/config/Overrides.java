package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a run, which override the configuration file and its {@code staging} and {@code live} blocks.
 *
 * @param environment selects {@code pym-config.ENV.yaml}
 * @param target of both slots
 * @param registry of the image, {@code host[:port]}
 * @param timeouts by the keys of {@link Timeouts}
 * @param canary percentages, as {@code 5, 25, 50}
 * @param keepFailed keeps failed candidates; false leaves it to the configuration
 * @param recorded whether the calls of clouds are recorded
 */
public record Overrides(
        Optional<String> environment,
        Optional<DeployTarget> target,
        Optional<String> registry,
        Map<String, Duration> timeouts,
        Optional<String> canary,
        boolean keepFailed,
        boolean recorded) {

    public static final Overrides NONE = new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    public Overrides(
            Optional<String> environment,
            Optional<DeployTarget> target,
            Optional<String> registry,
            Map<String, Duration> timeouts) {
        this(environment, target, registry, timeouts, Optional.empty(), false);
    }

    public Overrides(
            Optional<String> environment,
            Optional<DeployTarget> target,
            Optional<String> registry,
            Map<String, Duration> timeouts,
            Optional<String> canary,
            boolean keepFailed) {
        this(environment, target, registry, timeouts, canary, keepFailed, false);
    }

    public Overrides {
        timeouts = Map.copyOf(timeouts);
    }

    /** Returns overrides with {@code --env} only. */
    public static Overrides ofEnvironment(String environment) {
        return new Overrides(Optional.of(environment), Optional.empty(), Optional.empty(), Map.of());
    }
}
