package io.jenkins.plugins.pymacaron.config;

import static io.jenkins.plugins.pymacaron.config.Configs.DOCKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PymConfigTest {
    @ParameterizedTest
    @CsvSource({"'',1050", "cpu_count: 2,1850", "worker_count: 1,900", "'{cpu_count: 4, worker_count: 3}',2700"})
    void theMemoryOfGkeIsThatOfPymacaron(String keys, int megabytes) throws ConfigException {
        String lines = keys.replaceAll("[{}]", "").replace(", ", "\n");
        assertThat(Configs.read(DOCKER + lines).base().gkeMemoryMb()).isEqualTo(megabytes);
    }

    @Test
    void theCanonicalTextDoesNotDependOnHowTheFileIsWritten() throws ConfigException {
        String other =
                "live_url: \"http://127.0.0.1:8090\"\ndocker_repo: demo\n# c\ndeploy_target: docker\nname: 'hello'\nplatform: linux/amd64";

        assertThat(Configs.read(other).base().canonical())
                .isEqualTo(Configs.read(DOCKER).base().canonical());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker_network: host",
                "env_secrets: [A]",
                "pym_env: x",
                "registry: localhost:5000",
                "docker_address: http://127.0.0.1:9"
            })
    void theCanonicalTextChangesWithWhatIsDeployed(String line) throws ConfigException {
        assertThat(Configs.read(DOCKER + line).base().canonical())
                .isNotEqualTo(Configs.read(DOCKER).base().canonical());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timeouts: {build: 1m}",
                "accept: {consecutive: 9}",
                "retention: {images: 9}",
                "pre_promote: [x]",
                "retention: {removed: end}",
                "own: key",
                "staging: {pym_env: x}"
            })
    void theCanonicalTextDoesNotChangeWithWhatSteers(String line) throws ConfigException {
        assertThat(Configs.read(DOCKER + line).base().canonical())
                .isEqualTo(Configs.read(DOCKER).base().canonical());
    }

    @Test
    void noTextShowsASecret() throws ConfigException {
        PymConfig config = Configs.read(
                        DOCKER + "jwt_secret: s3cret\nscout_key: KEY\nenv_secrets: [KEY]\ntoken: s3cret")
                .base();

        assertThat(config.toString()).doesNotContain("s3cret").contains("jwt_secret: \"***\"", "scout_key: \"KEY\"");
    }

    @Test
    void listsInTheCanonicalTextCannotBeMistaken() throws ConfigException {
        String two = Configs.read(DOCKER + "include_links: ['a', 'b']").base().canonical();
        String one = Configs.read(DOCKER + "include_links: ['a\", \"b']").base().canonical();

        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void askingForWhatIsNotThereIsAMistakeOfTheCaller() throws ConfigException {
        PymConfig config = Configs.read(DOCKER).base();

        assertThatIllegalStateException()
                .isThrownBy(() -> config.get(AwsKeys.AWS_USER))
                .withMessage("aws_user is not set in f");
        assertThatIllegalArgumentException().isThrownBy(() -> config.timeouts().of("lunch"));
    }
}
