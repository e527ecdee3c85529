package io.jenkins.plugins.pymacaron.pipeline.preflight;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.DeployTarget;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.docker.Docker;
import io.jenkins.plugins.pymacaron.pipeline.contract.EnvironmentNames;
import io.jenkins.plugins.pymacaron.targets.Environment;
import io.jenkins.plugins.pymacaron.targets.EnvironmentId;
import io.jenkins.plugins.pymacaron.targets.TargetContext;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.beanstalk.AwsPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names the environments of a configuration: by its settings, and by the place that they lead to from here, for which
 * the Docker Engine or the cloud is asked.
 */
public final class EnvironmentLocator {
    private final ProjectConfig project;
    private final Docker docker;
    private final Optional<TargetContext> surroundings;
    private final boolean briefly;
    private final Map<List<String>, Map<String, String>> known = new HashMap<>();
    private Optional<Problem> trouble = Optional.empty();

    private EnvironmentLocator(
            ProjectConfig project, Docker docker, Optional<TargetContext> surroundings, boolean briefly) {
        this.project = project;
        this.docker = docker;
        this.surroundings = surroundings;
        this.briefly = briefly;
    }

    /** Asks everything that identifies their place. */
    EnvironmentLocator(ProjectConfig project, Docker docker, TargetContext surroundings) {
        this(project, docker, Optional.of(surroundings), false);
    }

    /** Returns a locator for reads: the place is useful there, and nothing is changed by it. */
    public static EnvironmentLocator briefly(ProjectConfig project, Docker docker, TargetContext surroundings) {
        return new EnvironmentLocator(project, docker, Optional.of(surroundings), true);
    }

    /** Returns a locator that asks no cloud. */
    public static EnvironmentLocator offline(ProjectConfig project, Docker docker) {
        return new EnvironmentLocator(project, docker, Optional.empty(), true);
    }

    /** Returns staging, then every live, without the environment variables of the service. */
    public List<Environment> all() throws InterruptedException {
        List<Environment> all = new ArrayList<>();
        all.add(place(Slot.STAGING, 0, List.of(project.staging())));
        for (int i = 0; i < project.live().size(); i++) {
            all.add(place(Slot.LIVE, i, project.live()));
        }
        return all;
    }

    /** Returns the problem of two regions of live that are one place, so that one would replace the other. */
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

    /** Returns the problem if something could not be asked. */
    Optional<Problem> trouble() {
        return trouble;
    }

    /** Returns whether all properties that distinguish environments are known. */
    public static boolean isWhole(List<Environment> all) {
        return all.stream()
                .noneMatch(
                        environment -> EnvironmentNames.isVague(environment.id().text()));
    }

    private Environment place(Slot slot, int index, List<PymConfig> beside) throws InterruptedException {
        PymConfig config = beside.get(index);
        return new Environment(slot, index, config, Map.of(), beside, where(slot, config));
    }

    private Map<String, String> where(Slot slot, PymConfig config) throws InterruptedException {
        if (config.target() == DeployTarget.DOCKER) {
            String engine = docker.engineId();
            if (engine.isEmpty()) {
                unknown(slot, config, "docker does not tell the id of its engine", "Look at: docker info");
            }
            return Map.of(EnvironmentId.ENGINE, engine);
        }
        if (config.target() != DeployTarget.BEANSTALK || surroundings.isEmpty()) {
            return Map.of();
        }
        List<String> whose = List.of(
                config.find(AwsKeys.AWS_USER).orElse(""),
                config.find(AwsKeys.AWS_ROLE).orElse(""),
                config.find(AwsKeys.AWS_REGION).orElse(""));
        try {
            if (!known.containsKey(whose)) {
                known.put(whose, AwsPlace.of(config, surroundings.get(), briefly));
            }
            return known.get(whose);
        } catch (TargetException e) {
            unknown(slot, config, e.getMessage(), "Give a credential of the account that the environment is in.");
            return Map.of();
        }
    }

    private void unknown(Slot slot, PymConfig config, String why, String advice) {
        String name = config.target().id() + "/" + config.name() + "/" + slot.id();
        trouble = trouble.or(() -> Optional.of(Problem.error(name, why, advice)));
    }
}
