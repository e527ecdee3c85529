package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.beanstalk.BeanstalkService.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Tells which new environments are refused at once, or by CloudFormation. */
final class CreationRules {
    /** CloudFormation's limit of a parameter, which all environment properties become together. */
    private static final int LONGEST = 4096;

    private CreationRules() {}

    static void check(Map<String, String> tags, Map<String, String> settings) throws Refusal {
        // botocore, elasticbeanstalk/2010-12-01, TagValue: 1 to 256 characters.
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            if (tag.getValue().isEmpty() || tag.getValue().length() > 256) {
                throw BeanstalkService.invalid(
                        "Value '" + tag.getValue() + "' of tag " + tag.getKey() + " failed to satisfy constraint");
            }
        }
        for (Map.Entry<String, String> option : settings.entrySet()) {
            Optional<String> refusal = OptionSettings.refusal(option.getKey(), option.getValue());
            if (refusal.isPresent()) {
                throw new Refusal("ConfigurationValidationException", refusal.get());
            }
        }
        if (!settings.containsKey(EnvironmentSettings.PROFILE)) {
            throw BeanstalkService.invalid("You must specify IamInstanceProfile");
        }
    }

    static boolean isTooLong(Map<String, String> settings) {
        int size = settings.entrySet().stream()
                .filter(e -> e.getKey().startsWith("aws:elasticbeanstalk:application:environment"))
                .mapToInt(e -> e.getKey().length()
                        - e.getKey().indexOf('|')
                        + e.getValue().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        return size > LONGEST;
    }
}
