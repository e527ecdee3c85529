package io.jenkins.plugins.pymacaron.config;

import io.jenkins.plugins.pymacaron.process.PipelineCredentials;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Gives {@code env_secrets} their values. */
public final class SecretRules {
    /** The character that Java uses where it cannot read the bytes of a variable. */
    private static final char UNREADABLE = '\uFFFD';

    private static final String AWS_KEY = "AWS_ACCESS_KEY_ID";
    private static final List<String> AWS = List.of(AWS_KEY, "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

    private SecretRules() {}

    /**
     * The names of the secrets of every slot in a configuration that is here.
     *
     * @param fileName for messages
     * @return empty where it cannot be read, which is said by the stage that reads it
     */
    public static Collection<String> namesIn(String fileName, byte[] content) {
        try {
            return ConfigReader.read(fileName, content, Overrides.NONE).secretNames();
        } catch (ConfigException e) {
            return List.of();
        }
    }

    /** Returns the names of the pipeline's own variables, as an expression that Java and POSIX (extended) read the same. */
    public static String pipelineVariables() {
        return PipelineCredentials.FAMILIES;
    }

    /**
     * Returns whether the pipeline deploys to AWS with the variables that AWS's own tools read: it does where it has
     * none of its own, and {@code env_secrets} does not claim them for the service.
     */
    public static boolean deploysWithAws(Collection<PymConfig> configs, Map<String, String> environment) {
        boolean own = isSet(environment, "PYM_" + AWS_KEY) && isSet(environment, "PYM_AWS_SECRET_ACCESS_KEY");
        return !own
                && configs.stream()
                        .anyMatch(config -> config.target() == DeployTarget.BEANSTALK
                                && !config.envSecrets().contains(AWS_KEY));
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }

    /**
     * Returns the secrets of a slot.
     *
     * @param environment the variables of this process, or those that Jenkins bound
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

    /** Returns all problems with the secrets of some slots, each variable once; never with a value. */
    public static List<Problem> check(Collection<PymConfig> configs, Map<String, String> environment) {
        if (configs.isEmpty()) {
            return List.of();
        }
        Problems problems = new Problems(configs.iterator().next().file());
        boolean awsIsOurs = deploysWithAws(configs, environment);
        for (PymConfig config : configs) {
            FilePosition at = config.at(ServiceKeys.ENV_SECRETS);
            for (String name : config.envSecrets()) {
                String value = environment.get(name);
                if (awsIsOurs && AWS.contains(name)) {
                    problems.error(
                            at,
                            "env_secrets names " + name + ", with which the pipeline itself deploys",
                            "Name all of " + String.join(", ", AWS) + " that the service needs in every slot, and give"
                                    + " the pipeline its own as PYM_" + AWS_KEY + " and PYM_AWS_SECRET_ACCESS_KEY.");
                } else if (value == null) {
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
