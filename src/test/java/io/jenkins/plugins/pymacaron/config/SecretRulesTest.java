package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SecretRulesTest {
    private static final String SERVICE = Configs.DOCKER + "env_secrets: [JWT_SECRET, DB]\njwt_secret: JWT_SECRET\n";

    @Property(tries = 200)
    void valuesStayAsTheyAre(@ForAll String value) throws ConfigException {
        String readable = value.replace("\uFFFD", "");
        Secrets secrets = SecretRules.resolve(
                Configs.read(SERVICE).base(), Map.of("JWT_SECRET", readable, "DB", "a=b='c',\"d\"\nné", "OTHER", "o"));

        assertThat(secrets.byName())
                .containsExactly(Map.entry("JWT_SECRET", readable), Map.entry("DB", "a=b='c',\"d\"\nné"));
        assertThat(secrets.values()).contains(readable);
    }

    @Test
    void everyMissingOneIsNamedAndNoValueShown() throws ConfigException {
        PymConfig config =
                Configs.read(SERVICE + "staging: {env_secrets: [C, DB]}").base();
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> SecretRules.resolve(config, Map.of("JWT_SECRET_2", "hidden", "db", "hidden")));

        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "f:5:1: error: env_secrets names JWT_SECRET, but there is no such environment variable."
                                + " Set JWT_SECRET where the pipeline runs; in Jenkins, name its credential among the secrets.",
                        "f:5:1: error: env_secrets names DB, but there is no such environment variable."
                                + " Set DB where the pipeline runs; in Jenkins, name its credential among the secrets.");
    }

    /** A service gets the shell's credential of AWS only where the pipeline does not deploy with it. */
    @Test
    void thePipelinesOwnAwsCredentialsAreNoSecretsOfTheService() throws ConfigException {
        String aws = """
                name: hello
                deploy_target: beanstalk
                live_host: hello.example.com
                docker_repo: acme
                aws_keypair: k
                aws_user: deployer
                aws_instance_type: t3.small
                aws_region: eu-west-1
                docker_bucket: bucket
                env_secrets: [%s]
                """;
        Map<String, String> shell = Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s");
        PymConfig half = Configs.read(aws.formatted("AWS_SECRET_ACCESS_KEY")).base();
        PymConfig whole = Configs.read(aws.formatted("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"))
                .base();
        PymConfig none = Configs.read(aws.formatted("")).base();

        assertThat(SecretRules.check(List.of(half), shell))
                .extracting(Problem::message)
                .containsExactly("env_secrets names AWS_SECRET_ACCESS_KEY, with which the pipeline itself deploys");
        assertThat(SecretRules.check(List.of(whole), shell)).isEmpty();
        assertThat(SecretRules.check(List.of(whole, none), shell)).hasSize(2).allMatch(Problem::isError);
        Map<String, String> own = new HashMap<>(shell);
        own.putAll(Map.of("PYM_AWS_ACCESS_KEY_ID", "k", "PYM_AWS_SECRET_ACCESS_KEY", "s"));
        assertThat(SecretRules.check(List.of(half, whole), own)).isEmpty();
        assertThat(SecretRules.deploysWithAws(List.of(none), shell)).isTrue();
        assertThat(SecretRules.deploysWithAws(List.of(none), own)).isFalse();
        assertThat(SecretRules.deploysWithAws(List.of(whole), shell)).isFalse();
    }

    @Test
    void severalSlotsAreCheckedTogether() throws ConfigException {
        ProjectConfig project = Configs.read(SERVICE + "live: {env_secrets: [LIVE_ONLY]}");

        assertThat(SecretRules.check(project.slots(), Map.of("DB", "x")))
                .extracting(Problem::message)
                .containsExactly(
                        "env_secrets names JWT_SECRET, but there is no such environment variable",
                        "env_secrets names LIVE_ONLY, but there is no such environment variable");
        assertThat(SecretRules.check(List.of(), Map.of())).isEmpty();
    }

    @Test
    void anEmptySecretIsAWarning() throws ConfigException {
        PymConfig config = Configs.read(SERVICE).base();
        Map<String, String> environment = Map.of("JWT_SECRET", "", "DB", "x");

        assertThat(SecretRules.check(List.of(config), environment))
                .singleElement()
                .satisfies(problem -> assertThat(problem.isError()).isFalse());
        assertThat(SecretRules.resolve(config, environment).byName()).containsEntry("JWT_SECRET", "");
    }

    @Test
    void bytesThatJavaCouldNotReadAreNotPassedOn() throws ConfigException {
        assertThat(SecretRules.check(
                        List.of(Configs.read(SERVICE).base()), Map.of("JWT_SECRET", "caf\uFFFD", "DB", "x")))
                .singleElement()
                .asString()
                .contains("the secret JWT_SECRET holds bytes that this process cannot read")
                .doesNotContain("caf");
    }

    @Test
    void aValueThatIsANameOfASecretStandsForIt() throws ConfigException {
        PymConfig config =
                Configs.read(SERVICE + "jwt_issuer: hello.example.com").base();
        Secrets secrets = SecretRules.resolve(config, Map.of("JWT_SECRET", "s3", "DB", "x", "hello.example.com", "no"));

        assertThat(config.jwtSecret().map(secrets::meaning)).contains("s3");
        assertThat(config.jwtIssuer().map(secrets::meaning)).contains("hello.example.com");
        assertThat(secrets.toString()).isEqualTo("Secrets[JWT_SECRET, DB]");
    }
}
