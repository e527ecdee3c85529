package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * The security groups that Elastic Beanstalk makes for an environment. Another environment must not use them: the first
 * could not be terminated while it did. The settings show them by id, beside those of the user, so EC2 is asked which
 * they are (hashicorp/terraform-provider-aws, internal/service/elasticbeanstalk/environment.go,
 * dropGeneratedSecurityGroup).
 */
final class GeneratedGroups {
    private static final String PREFIX = "awseb";

    /** CloudFormation User Guide, "Resource tag": on each resource of a stack. */
    private static final String STACK = "aws:cloudformation:stack-name";

    private final BeanstalkClient aws;

    GeneratedGroups(BeanstalkClient aws) {
        this.aws = aws;
    }

    /** Returns whether the option's value is a list of groups, by ids or names. */
    static boolean isOfGroups(String option) {
        return option.endsWith("|SecurityGroups") || option.endsWith("|ManagedSecurityGroup");
    }

    /** Returns the settings with only the user's groups; without an option of which none is left. */
    Map<String, String> without(Map<String, String> settings) throws TargetException, InterruptedException {
        Set<String> generated = generated(settings.entrySet().stream()
                .filter(e -> isOfGroups(e.getKey()))
                .flatMap(e -> elements(e.getValue()).stream())
                .filter(group -> group.startsWith("sg-"))
                .collect(Collectors.toSet()));
        Map<String, String> left = new HashMap<>(settings);
        left.replaceAll((option, value) -> isOfGroups(option)
                ? elements(value).stream()
                        .filter(group -> !generated.contains(group) && !isGenerated(group))
                        .collect(Collectors.joining(","))
                : value);
        left.values().removeIf(String::isEmpty);
        return left;
    }

    private static List<String> elements(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(group -> !group.isEmpty())
                .toList();
    }

    private static boolean isGenerated(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
    }

    private Set<String> generated(Set<String> ids) throws TargetException, InterruptedException {
        if (ids.isEmpty()) {
            return Set.of();
        }
        // A filter is used, since the parameter for ids refuses all of them if one is gone.
        Filter byId = Filter.builder().name("group-id").values(ids).build();
        Set<String> generated = new HashSet<>();
        for (SecurityGroup group : aws.calls()
                .read("tell whose security groups " + String.join(", ", ids) + " are", () -> aws.ec2()
                        .describeSecurityGroups(r -> r.filters(byId))
                        .securityGroups())) {
            boolean ofStack = group.tags().stream().anyMatch(t -> t.key().equals(STACK) && isGenerated(t.value()));
            if (ofStack || group.groupName() != null && isGenerated(group.groupName())) {
                generated.add(group.groupId());
            }
        }
        return generated;
    }
}
