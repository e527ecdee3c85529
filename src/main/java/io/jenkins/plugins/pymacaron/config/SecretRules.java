package io.jenkins.plugins.pymacaron.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How {@code env_secrets} get their values. */
public final class SecretRules {
    /** What Java puts where it cannot read the bytes of a variable. */
    private static final char UNREADABLE = '\uFFFD';

    private SecretRules() {}

    /**
     * The secrets of a slot.
     *
     * @param environment the variables of this process, or what Jenkins bound
     * @throws ConfigException naming every variable that is missing
     */
    public static Secrets resolve(PymConfig config, Map<String, String> environment) throws ConfigException {
        List<Problem> problems = check(List.of(config), environment);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new ConfigException(problems);
        }
        return new Secrets(config.envSecrets().stream()
                .collect(Collectors.toMap(name -> name, environment::get, (a, b) -> a, LinkedHashMap::new)));
    }

    /** Everything that is wrong with the secrets of some slots, each variable once; never with a value. */
    public static List<Problem> check(Collection<PymConfig> configs, Map<String, String> environment) {
        if (configs.isEmpty()) {
            return List.of();
        }
        Problems problems = new Problems(configs.iterator().next().file());
        for (PymConfig config : configs) {
            Position at = config.at(ServiceKeys.ENV_SECRETS);
            for (String name : config.envSecrets()) {
                String value = environment.get(name);
                if (value == null) {
                    problems.error(
                            at,
                            "env_secrets names " + name + ", but there is no such environment variable",
                            "Set " + name
                                    + " where the pipeline runs; in Jenkins, name its credential among the secrets.");
                } else if (value.isEmpty()) {
                    problems.warning(at, "the secret " + name + " is empty", "Set " + name + " if it should not be.");
                } else if (value.indexOf(UNREADABLE) >= 0) {
                    problems.error(
                            at,
                            "the secret " + name + " holds bytes that this process cannot read as text",
                            "Start it in a UTF-8 locale, such as LC_ALL=C.UTF-8.");
                }
            }
        }
        return problems.all();
    }
}
