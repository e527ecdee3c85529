package io.jenkins.plugins.pymacaron.pipeline;

import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.target.Environment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names the environments of a configuration, which can be done before anything of them is asked. */
final class Placing {
    private final ProjectConfig project;
    private final Docker docker;

    Placing(ProjectConfig project, Docker docker) {
        this.project = project;
        this.docker = docker;
    }

    /** Staging, then every live, without what the service gets in its environment. */
    List<Environment> all() throws InterruptedException {
        List<Environment> all = new ArrayList<>();
        all.add(place(Slot.STAGING, 0, List.of(project.staging())));
        for (int i = 0; i < project.live().size(); i++) {
            all.add(place(Slot.LIVE, i, project.live()));
        }
        return all;
    }

    /** Two regions of live that are one place, so that one would replace the other. */
    static Optional<Problem> twice(List<Environment> all) {
        Map<String, String> known = new HashMap<>();
        for (Environment environment : all) {
            String before = known.putIfAbsent(environment.id().text(), environment.name());
            if (before != null) {
                return Optional.of(Problem.error(
                        environment.name(),
                        "it is the same place as " + before,
                        "Give one of the two another region, project or cluster."));
            }
        }
        return Optional.empty();
    }

    private Environment place(Slot slot, int index, List<PymConfig> beside) throws InterruptedException {
        PymConfig config = beside.get(index);
        String engine = config.target() == DeployTarget.DOCKER ? docker.engineId() : "";
        return new Environment(slot, index, config, Map.of(), beside, engine);
    }
}
