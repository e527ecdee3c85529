package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Configurations of tests. */
final class Configs {
    /** The settings that every service has, for the target that needs least. */
    static final String DOCKER = """
            name: hello
            docker_repo: demo
            live_url: http://127.0.0.1:8090
            deploy_target: docker
            """;

    static final String BEANSTALK = """
            name: hello
            docker_repo: demo
            live_url: https://hello.example.com
            aws_user: deployer
            aws_keypair: pair
            aws_instance_type: t3.small
            docker_bucket: bucket
            """;

    /** Returns the settings that every service has, for any target. */
    static String of(String target) {
        return target.contains("beanstalk")
                ? BEANSTALK + "deploy_target: " + target + "\n"
                : "name: hello\ndocker_repo: demo\nlive_url: https://hello.example.com\ndeploy_target: " + target
                        + "\n";
    }

    private Configs() {}

    static ProjectConfig read(String text) throws ConfigException {
        return read(text, Overrides.NONE);
    }

    static ProjectConfig read(String text, Overrides overrides) throws ConfigException {
        return ConfigReader.read("f", text.getBytes(StandardCharsets.UTF_8), overrides);
    }

    /** Returns the problems of a configuration that is refused, as lines. */
    static List<String> refused(String text) {
        return refused(text, Overrides.NONE);
    }

    static List<String> refused(String text, Overrides overrides) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> read(text, overrides));
        return e.problems().stream().map(Problem::toString).toList();
    }

    static List<String> warnings(String text) throws ConfigException {
        return read(text).warnings().stream().map(Problem::toString).toList();
    }
}
