package io.jenkins.plugins.pymacaron.config;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A project's configuration, read and checked.
 *
 * @param file the name of the file
 * @param environment the ENV of {@code --env ENV}, which selected the file
 * @param base the file without its {@code staging} and {@code live} blocks: the settings that the image is built and
 *     tested with. It need not contain settings that only a slot needs, such as a URL.
 * @param staging the file with its {@code staging} block over it
 * @param live the file with its {@code live} block over it; more than one for several regions
 * @param warnings facts that the user should know although they stop nothing, in the order of the file
 */
public record ProjectConfig(
        String file,
        Optional<String> environment,
        PymConfig base,
        PymConfig staging,
        List<PymConfig> live,
        List<Problem> warnings) {
    public ProjectConfig {
        live = List.copyOf(live);
        warnings = List.copyOf(warnings);
    }

    /** Returns the URL of staging, if the file's {@code staging} block names one; otherwise the target decides. */
    public Optional<LiveUrl> stagingUrl() {
        return staging.ownUrl();
    }

    /**
     * Returns how long a stage may take, by the block of the slot that it changes or tests; of several live blocks, the
     * longest time.
     *
     * @param stage a name of {@link PymConfig#timeouts}
     */
    public Duration timeout(String stage) {
        List<PymConfig> told =
                switch (stage) {
                    case "staging", "accept-staging" -> List.of(staging);
                    case "pre-promote", "promote", "live", "rollback" -> live;
                    default -> List.of(base);
                };
        return told.stream()
                .map(slot -> slot.timeouts().of(stage))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Returns the names of all secrets, of all slots. */
    public Set<String> secretNames() {
        Set<String> names = new TreeSet<>(base.envSecrets());
        slots().forEach(slot -> names.addAll(slot.envSecrets()));
        return names;
    }

    /** Returns the configuration of staging, then those of every live. */
    public List<PymConfig> slots() {
        return Stream.concat(Stream.of(staging), live.stream()).toList();
    }
}
