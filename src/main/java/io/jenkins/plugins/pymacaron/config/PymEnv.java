package io.jenkins.plugins.pymacaron.config;

import java.util.Optional;

/**
 * Returns the value of PYM_ENV for each place where the service runs. It selects the file that the service reads,
 * {@code pym-config.PYM_ENV.yaml}, or {@code pym-config.yaml} where there is no such file.
 *
 * <p>The values are those that PyMacaron's documentation promises (pages/config.md); for GKE and the acceptance tests
 * its tools use other values.
 */
public final class PymEnv {
    private static final String CONTAINER_TEST = "dev";

    private PymEnv() {}

    /** Returns the value in a deployed container. */
    public static String of(Slot slot, PymConfig config) {
        return config.pymEnv()
                .orElseGet(() ->
                        config.target() == DeployTarget.BEANSTALK ? Slot.LIVE.id() : config.name() + "-" + slot.id());
    }

    /** Returns the value in the container that is accepted before anything is deployed. */
    public static String ofContainerTest(ProjectConfig project) {
        return project.environment().orElse(CONTAINER_TEST);
    }

    /** Returns the value in the unit tests; empty leaves the variable as it is. */
    public static Optional<String> ofUnitTests(ProjectConfig project) {
        return project.environment();
    }
}
