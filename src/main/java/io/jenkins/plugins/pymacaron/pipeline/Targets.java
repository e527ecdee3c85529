package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.target.Environment;
import io.jenkins.plugins.pymacaron.target.Target;
import io.jenkins.plugins.pymacaron.target.docker.DockerTarget;
import java.io.IOException;
import java.util.Optional;

/** Which targets there are. */
final class Targets {
    private Targets() {}

    /** Why a target cannot be deployed to, if it cannot. */
    static Optional<Problem> problem(DeployTarget target, String file, Advice advice) {
        return target == DeployTarget.DOCKER
                ? Optional.empty()
                : Optional.of(Problem.error(
                        file,
                        "deploy_target " + target.id() + " is not supported by this version, only docker is",
                        advice.target()));
    }

    static Target open(Environment environment, Docker docker) throws IOException, InterruptedException {
        return new DockerTarget(environment, docker);
    }
}
