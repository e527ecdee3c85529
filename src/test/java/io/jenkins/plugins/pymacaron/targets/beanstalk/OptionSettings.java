package io.jenkins.plugins.pymacaron.targets.beanstalk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The options that Elastic Beanstalk knows, as its developer guide has published them (option-settings.txt says where). */
final class OptionSettings {
    /** The namespaces in which every name is an option. */
    private static final Set<String> FREE = Set.of(
            "aws:elasticbeanstalk:application:environment",
            "aws:elasticbeanstalk:application:environmentsecrets",
            "aws:elasticbeanstalk:customoption");

    /** The values by {@code namespace|name}, where there are a few. */
    private static final Map<String, List<String>> KNOWN = read();

    private OptionSettings() {}

    private static Map<String, List<String>> read() {
        Map<String, List<String>> known = new TreeMap<>();
        try (InputStream in = OptionSettings.class.getResourceAsStream("option-settings.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.startsWith("#") && !l.isBlank())
                    .toList()) {
                String[] parts = line.split("\\|");
                known.put(parts[0] + "|" + parts[1], parts.length < 3 ? List.of() : List.of(parts[2].split(" ")));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return known;
    }

    /** A listener, a process and a rule of a name of its own has the options of all of them. */
    private static String general(String namespace) {
        return namespace
                .replaceFirst("^(aws:elbv2:listener:)[0-9]+$", "$1listener_port")
                .replaceFirst("^(aws:elbv2:listenerrule:).+$", "$1rule_name")
                .replaceFirst("^(aws:elasticbeanstalk:environment:process:)(?!default$).+$", "$1process_name");
    }

    /**
     * Returns why an option is refused, in the service's words, which public reports of its
     * ConfigurationValidationException quote.
     *
     * @param key {@code namespace|name}
     */
    static Optional<String> refusal(String key, String value) {
        String namespace = key.substring(0, key.indexOf('|'));
        String name = key.substring(namespace.length() + 1);
        if (FREE.contains(namespace)) {
            return Optional.empty();
        }
        String option = "(Namespace: '" + namespace + "', OptionName: '" + name + "')";
        List<String> values = KNOWN.get(general(namespace) + "|" + name);
        if (values == null) {
            return Optional.of("Configuration validation exception: Invalid option specification " + option
                    + ": Unknown configuration setting.");
        }
        return values.isEmpty() || values.contains(value)
                ? Optional.empty()
                : Optional.of("Configuration validation exception: Invalid option value: '" + value + "' " + option
                        + ": Value is not one of the allowed values: " + values);
    }

    /**
     * Describes the options as DescribeConfigurationOptions does (botocore, ConfigurationOptionDescription and its
     * example).
     */
    static List<Map<String, Object>> describe() {
        List<Map<String, Object>> all = new ArrayList<>();
        KNOWN.forEach((key, values) -> {
            String namespace = key.substring(0, key.indexOf('|'));
            if (!namespace.contains("_")) {
                Map<String, Object> option = new LinkedHashMap<>();
                option.put("Namespace", namespace);
                option.put("Name", key.substring(namespace.length() + 1));
                option.put("ChangeSeverity", "NoInterruption");
                option.put("UserDefined", false);
                option.put("ValueType", "Scalar");
                option.put("ValueOptions", values);
                all.add(option);
            }
        });
        return all;
    }
}
