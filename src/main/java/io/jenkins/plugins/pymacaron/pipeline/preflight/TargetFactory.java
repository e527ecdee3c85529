package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.RegistryLogin;
import io.jenkins.plugins.pymacaron.targets.Target;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkTarget;
import io.jenkins.plugins.pymacaron.targets.beanstalk.EcrLogin;
import io.jenkins.plugins.pymacaron.targets.cloudrun.CloudRunTarget;
import io.jenkins.plugins.pymacaron.targets.cloudrun.GoogleLogin;
import io.jenkins.plugins.pymacaron.targets.docker.DockerTarget;
import io.jenkins.plugins.pymacaron.targets.gke.GkeTarget;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Makes the targets. */
public final class TargetFactory {
    private TargetFactory() {}

    /**
     * Opens a target. It asks no cloud yet, so that problems with its credentials are found together with all other
     * problems.
     */
    static Target open(Environment environment, Docker docker, TargetContext surroundings)
            throws IOException, InterruptedException {
        return switch (environment.config().target()) {
            case DOCKER -> new DockerTarget(environment, docker);
            case BEANSTALK -> new BeanstalkTarget(environment, surroundings);
            case CLOUD_RUN -> new CloudRunTarget(environment, surroundings);
            case GKE -> new GkeTarget(environment, surroundings);
        };
    }

    /** Returns the folders of the service's directory whose files the target's platform gets beside the image. */
    static Set<String> folders(DeployTarget target) {
        return target == DeployTarget.BEANSTALK ? BeanstalkTarget.FOLDERS : Set.of();
    }

    /**
     * Returns a login to the registry of the images by the cloud's own credential, where there is one.
     *
     * @throws TargetException when the registry is one of that cloud, and the credential is refused
     */
    public static Optional<RegistryLogin> login(PymConfig config, TargetContext surroundings)
            throws TargetException, InterruptedException {
        Optional<RegistryLogin> amazons = EcrLogin.of(config, surroundings);
        return amazons.isPresent() ? amazons : GoogleLogin.of(config, surroundings);
    }
}
