package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticbeanstalk.model.ConfigurationOptionDescription;

/**
 * Compares option settings with the service's description of the options of a platform (DescribeConfigurationOptions:
 * name, values, limits). A namespace that it does not list, as those of further listeners and processes, is left to the
 * service.
 */
final class OptionCheck {
    private final BeanstalkClient aws;

    OptionCheck(BeanstalkClient aws) {
        this.aws = aws;
    }

    /** Returns the problems. @param wanted by {@code namespace|name} */
    List<String> problems(String platform, Map<String, String> wanted) throws TargetException, InterruptedException {
        Map<String, ConfigurationOptionDescription> known = new HashMap<>();
        Set<String> namespaces = new HashSet<>();
        for (ConfigurationOptionDescription option : aws.calls()
                .read("read the options of " + platform, () -> aws.beanstalk()
                        .describeConfigurationOptions(r -> {
                            if (platform.startsWith("arn:")) {
                                r.platformArn(platform);
                            } else {
                                r.solutionStackName(platform);
                            }
                        })
                        .options())) {
            known.put(option.namespace() + "|" + option.name(), option);
            namespaces.add(option.namespace());
        }
        List<String> problems = new ArrayList<>();
        new TreeMap<>(wanted).forEach((key, value) -> {
            String namespace = key.substring(0, key.indexOf('|'));
            String name = key.substring(namespace.length() + 1);
            ConfigurationOptionDescription option = known.get(key);
            if (option != null) {
                unfit(option, value).forEach(why -> problems.add("aws_options: " + namespace + " " + name + " " + why));
            } else if (namespaces.contains(namespace)) {
                problems.add("aws_options: namespace " + namespace + " has no option " + name);
            }
        });
        return problems;
    }

    private static List<String> unfit(ConfigurationOptionDescription option, String value) {
        List<String> choices = option.valueOptions();
        boolean one = "Scalar".equals(option.valueTypeAsString());
        if (one && !choices.isEmpty() && !choices.contains(value)) {
            return List.of("is one of " + String.join(", ", choices) + ", not " + value);
        }
        if (option.maxLength() != null && value.length() > option.maxLength()) {
            return List.of("has " + option.maxLength() + " characters at most");
        }
        if (one && value.matches("-?[0-9]{1,9}")) {
            int number = Integer.parseInt(value);
            if (option.minValue() != null && number < option.minValue()) {
                return List.of("is at least " + option.minValue() + ", not " + value);
            }
            if (option.maxValue() != null && number > option.maxValue()) {
                return List.of("is at most " + option.maxValue() + ", not " + value);
            }
        }
        return List.of();
    }
}
