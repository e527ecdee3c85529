package io.jenkins.plugins.pymacaron.target;

import java.util.Map;
import java.util.function.Consumer;

/**
 * What a target needs of whoever runs it.
 *
 * @param inherited the environment variables of this process, or what Jenkins bound: where credentials come from
 * @param log told what is worth a line, such as an event of the cloud; without secrets
 */
public record Surroundings(Map<String, String> inherited, Consumer<String> log) {
    public Surroundings {
        inherited = Map.copyOf(inherited);
    }

    /** The variable, if it is there and not empty. */
    public String get(String name) {
        return inherited.getOrDefault(name, "");
    }
}
