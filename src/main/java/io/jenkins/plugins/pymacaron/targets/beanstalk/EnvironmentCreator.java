package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticbeanstalk.model.ConfigurationOptionSetting;
import software.amazon.awssdk.services.elasticbeanstalk.model.Tag;

/** Makes an environment with everything in it, in one call. */
final class EnvironmentCreator {
    static final String TAG = "tag:";
    static final String SET = "set:";

    private final BeanstalkClient aws;
    private final Environments environments;
    private final Map<String, String> variables;

    /** Makes the creator. @param variables of the service, secrets included, which are in no journal */
    EnvironmentCreator(BeanstalkClient aws, Environments environments, Map<String, String> variables) {
        this.aws = aws;
        this.environments = environments;
        this.variables = Map.copyOf(variables);
    }

    static boolean isOf(Map<String, String> creation, EnvironmentFacts there) {
        String deployment = creation.get(TAG + BeanstalkMetadata.DEPLOYMENT);
        return deployment.equals(there.tags().get(BeanstalkMetadata.DEPLOYMENT));
    }

    static Map<String, String> args(
            String application,
            String name,
            String label,
            String prefix,
            String platform,
            Map<String, String> tags,
            Map<String, String> settings) {
        Map<String, String> args = new HashMap<>(Map.of(
                "application", application, "name", name, "label", label, "prefix", prefix, "platform", platform));
        tags.forEach((key, value) -> args.put(TAG + key, value));
        settings.forEach((key, value) -> args.put(SET + key, value));
        return args;
    }

    void create(Map<String, String> args) throws TargetException, InterruptedException, EffectException {
        Optional<EnvironmentFacts> there = environments.find(args.get("name")).filter(e -> !e.ending());
        if (there.isPresent()) {
            if (!isOf(args, there.get())) {
                throw EffectException.rejected("there is an environment " + args.get("name") + " of something else");
            }
            return;
        }
        List<Tag> tags = new ArrayList<>();
        List<ConfigurationOptionSetting> settings = new ArrayList<>();
        new TreeMap<>(args).forEach((key, value) -> {
            if (key.startsWith(TAG)) {
                tags.add(Tag.builder()
                        .key(key.substring(TAG.length()))
                        .value(value)
                        .build());
            } else if (key.startsWith(SET)) {
                settings.add(setting(key.substring(SET.length()), value));
            }
        });
        EnvironmentSettings.variables(variables).forEach((key, value) -> settings.add(setting(key, value)));
        String platform = args.get("platform");
        aws.beanstalk().createEnvironment(r -> {
            r.applicationName(args.get("application"))
                    .environmentName(args.get("name"))
                    .versionLabel(args.get("label"))
                    .cnamePrefix(args.get("prefix"))
                    .tags(tags)
                    .optionSettings(settings);
            if (platform.startsWith("arn:")) {
                r.platformArn(platform);
            } else {
                r.solutionStackName(platform);
            }
        });
    }

    private static ConfigurationOptionSetting setting(String name, String value) {
        int bar = name.indexOf('|');
        return ConfigurationOptionSetting.builder()
                .namespace(name.substring(0, bar))
                .optionName(name.substring(bar + 1))
                .value(value)
                .build();
    }
}
