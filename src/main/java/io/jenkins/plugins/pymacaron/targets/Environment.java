package io.jenkins.plugins.pymacaron.targets;

import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.config.Slot;
import io.jenkins.plugins.pymacaron.process.LogLines;
import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The place of a deployment: one slot of one service, with the configuration that holds there.
 *
 * @param index 0, but for the second and later regions of live
 * @param config the settings of the slot: its block laid over the file
 * @param variables the environment variables of the service: PYM_ENV and the secrets
 * @param beside the settings of all environments of this slot, {@code config} among them
 * @param where the parts of its place that no configuration contains: the id of the Docker Engine, or the account and
 *     region of AWS, by the names of {@link EnvironmentId}; empty where nothing has to be asked, or nothing answers
 */
public record Environment(
        Slot slot,
        int index,
        PymConfig config,
        Map<String, String> variables,
        List<PymConfig> beside,
        Map<String, String> where) {
    public Environment {
        variables = Map.copyOf(variables);
        if (variables.keySet().stream().anyMatch(PipelineCredentials::isOwn)) {
            // The configuration refuses such a name earlier.
            throw new IllegalArgumentException("a service does not get credentials of the pipeline's own");
        }
        beside = List.copyOf(beside);
        where = Map.copyOf(where);
    }

    /** Makes the only environment of its slot, of which no more is known than its configuration. */
    public Environment(Slot slot, int index, PymConfig config, Map<String, String> variables) {
        this(slot, index, config, variables, List.of(config), Map.of());
    }

    /** Returns the same environment, for a service that gets these environment variables. */
    public Environment with(Map<String, String> others) {
        return new Environment(slot, index, config, others, beside, where);
    }

    /** Returns the id by which locks, queue, pause and history know the environment. */
    public EnvironmentId id() {
        return EnvironmentId.of(slot, index, config, where);
    }

    /**
     * Returns the name that people see, for instance {@code docker/hello/live}, or {@code docker/hello@qa/live} for
     * what {@code pym-config.qa.yaml} deploys. It differs from all other names of the same engine or project.
     */
    public String name() {
        String env = config.environment().map(e -> "@" + e).orElse("");
        return named(config.name() + env);
    }

    /** Returns the name of the configuration file. */
    public String file() {
        return config.fileName();
    }

    /**
     * Returns the name without the ENV of the file. An earlier version labelled everything with it, and the targets in
     * clouds still do.
     */
    public String label() {
        return named(config.name());
    }

    private String named(String service) {
        String region = index == 0 ? "" : "-" + (index + 1);
        return config.target().id() + "/" + service + "/" + slot.id() + region;
    }

    /** Returns log lines of the service in a form that can be shown: secrets masked, no control characters. */
    public List<String> shown(String log) {
        Set<String> secrets = new HashSet<>();
        config.envSecrets().stream()
                .map(variables::get)
                .filter(Objects::nonNull)
                .forEach(secrets::add);
        List<String> lines = new ArrayList<>();
        LogLines shown = new LogLines(new SecretMask(secrets), lines::add);
        shown.add(log);
        shown.close();
        return lines;
    }

    /** Leaves out the values of variables, which contain secrets. */
    @Override
    public String toString() {
        return name() + " " + variables.keySet();
    }
}
