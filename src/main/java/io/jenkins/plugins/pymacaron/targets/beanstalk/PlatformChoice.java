package io.jenkins.plugins.pymacaron.targets.beanstalk;

import io.jenkins.plugins.pymacaron.config.AwsKeys;
import io.jenkins.plugins.pymacaron.config.PymConfig;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chooses the platform of new environments. */
final class PlatformChoice {
    /** The form of the names of ListAvailableSolutionStacks; "ECS running on" is another platform. */
    private static final Pattern DOCKER = Pattern.compile("64bit Amazon Linux ([0-9]+) v([0-9.]+) running Docker");

    private PlatformChoice() {}

    static String choose(BeanstalkClient aws, PymConfig config) throws TargetException, InterruptedException {
        if (config.find(AwsKeys.AWS_PLATFORM).isPresent()) {
            return config.get(AwsKeys.AWS_PLATFORM);
        }
        List<String> stacks = aws.calls().read("list the platforms", () -> aws.beanstalk()
                .listAvailableSolutionStacks()
                .solutionStacks());
        return newest(stacks);
    }

    static String newest(List<String> stacks) throws TargetException {
        return stacks.stream()
                .filter(s -> DOCKER.matcher(s).matches())
                .max(Comparator.comparing(PlatformChoice::order))
                .orElseThrow(() ->
                        new TargetException("there is no Docker platform in this region; name one with aws_platform"));
    }

    /** Returns a text to sort by: Amazon Linux 2023 comes after 2, and 4.10 after 4.9. */
    private static String order(String stack) {
        Matcher m = DOCKER.matcher(stack);
        if (!m.matches()) {
            throw new IllegalArgumentException(stack);
        }
        StringBuilder order = new StringBuilder(String.format("%06d", Integer.parseInt(m.group(1))));
        for (String part : m.group(2).split("\\.")) {
            order.append('.').append(String.format("%06d", Integer.parseInt(part)));
        }
        return order.toString();
    }
}
