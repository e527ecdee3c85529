package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.RegistryLogin;
import io.jenkins.plugins.pymacaron.target.Surroundings;
import io.jenkins.plugins.pymacaron.target.Target;
import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.beanstalk.BeanstalkTarget;
import io.jenkins.plugins.pymacaron.target.beanstalk.EcrLogin;
import io.jenkins.plugins.pymacaron.target.docker.DockerTarget;
import io.jenkins.plugins.pymacaron.target.gke.GkeTarget;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Which targets there are. */
final class Targets {
    private static final Set<DeployTarget> SUPPORTED =
            EnumSet.of(DeployTarget.DOCKER, DeployTarget.BEANSTALK, DeployTarget.GKE);

    private Targets() {}

    /** Why a target cannot be deployed to, if it cannot. */
    static Optional<Problem> problem(DeployTarget target, String file) {
        return SUPPORTED.contains(target)
                ? Optional.empty()
                : Optional.of(Problem.error(
                        file,
                        "deploy_target " + target.id() + " is not supported by this version",
                        "Use --target docker, or --no-deploy to test, build and push only."));
    }

    /** Of a cloud nothing is asked yet, so that what is wrong with its credentials is found among all other problems. */
    static Target open(Environment environment, Docker docker, Surroundings surroundings)
            throws IOException, InterruptedException {
        return switch (environment.config().target()) {
            case DOCKER -> new DockerTarget(environment, docker);
            case BEANSTALK -> new BeanstalkTarget(environment, surroundings);
            case GKE -> new GkeTarget(environment, surroundings);
            case CLOUD_RUN ->
                throw new IllegalArgumentException(environment.config().target().id());
        };
    }

    /**
     * A login to the registry of the images by the cloud's own credential, where that has one.
     *
     * @throws TargetException when the registry is one of that cloud, and the credential is refused
     */
    static Optional<RegistryLogin> login(PymConfig config, Surroundings surroundings)
            throws TargetException, InterruptedException {
        return EcrLogin.of(config, surroundings);
    }
}
