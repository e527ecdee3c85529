package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds environment properties that Elastic Beanstalk, or Docker Compose, would not hand to the service unchanged. */
final class EnvironmentProperties {
    /**
     * The values that Docker Compose leaves unchanged in a line of {@code .env} without quotes
     * (compose-spec/compose-go, dotenv/parser.go, extractVarValue): no variable, no comment, no quote at the beginning,
     * no space at an end, one line.
     */
    private static final Pattern PLAIN = Pattern.compile("(?![\"'\\s])[^$#\\r\\n\\x00]*(?<!\\s)");

    private EnvironmentProperties() {}

    /** Returns one line each; it contains no value. */
    static List<String> refusals(String bundle, Map<String, String> variables) {
        List<String> refusals = new ArrayList<>();
        int size = EnvironmentSettings.size(variables);
        if (size > EnvironmentSettings.LONGEST) {
            refusals.add("env_secrets take " + size + " bytes, and Elastic Beanstalk has room for "
                    + EnvironmentSettings.LONGEST);
        }
        if (bundle.equals(Bundle.COMPOSE)) {
            new TreeMap<>(variables).forEach((name, value) -> {
                if (!value.isEmpty() && !PLAIN.matcher(value).matches()) {
                    refusals.add(
                            "the value of " + name + " would not reach the container as it is, since Docker Compose "
                                    + "reads $, #, a quote or a space at its beginning, a space at its end, and line breaks");
                }
            });
        }
        return refusals;
    }
}
