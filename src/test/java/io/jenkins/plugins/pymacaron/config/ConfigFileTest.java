package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir
    Path project;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(project.resolve("pym-config.yaml"), Configs.DOCKER);
        Files.writeString(project.resolve("pym-config.qa.yaml"), Configs.DOCKER.replace("demo", "qa"));
    }

    @Test
    void theEnvironmentSelectsTheFile() throws ConfigException {
        ProjectConfig plain = ConfigReader.read(project, Overrides.NONE);
        ProjectConfig qa = ConfigReader.read(project, Overrides.ofEnvironment("qa"));

        assertThat(plain.file()).isEqualTo("pym-config.yaml");
        assertThat(plain.warnings()).isEmpty();
        assertThat(qa.file()).isEqualTo("pym-config.qa.yaml");
        assertThat(qa.base().dockerRepo()).isEqualTo("qa");
        assertThat(qa.environment()).contains("qa");
    }

    @Test
    void theExampleHasNothingToWarnOf() throws ConfigException {
        ProjectConfig hello = ConfigReader.read(Path.of("examples", "hello"), Overrides.NONE);

        assertThat(hello.warnings()).isEmpty();
        assertThat(hello.base().target()).isEqualTo(DeployTarget.DOCKER);
        assertThat(hello.stagingUrl()).isPresent();
    }

    @Test
    void anotherFileIsNeverTakenInstead() {
        assertThat(refused(project, Overrides.ofEnvironment("prod")))
                .isEqualTo(
                        "pym-config.prod.yaml: error: there is no such file in the directory of the service"
                                + ". There is pym-config.qa.yaml, pym-config.yaml. Name the environment of one of them, or commit the file.");
    }

    @Test
    void namesWhatIsThere() throws IOException {
        Path empty = Files.createDirectory(project.resolve("empty"));
        assertThat(refused(empty, Overrides.NONE))
                .contains("there is no such file")
                .contains("Run in the directory of the service");
        assertThat(refused(project.resolve("absent"), Overrides.NONE)).contains("there is no such file");

        Files.writeString(empty.resolve("pym-config.yml"), "");
        assertThat(refused(empty, Overrides.NONE)).endsWith("Rename pym-config.yml to end in .yaml.");
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        Files.createDirectory(project.resolve("pym-config.dir.yaml"));
        assertThat(refused(project, Overrides.ofEnvironment("dir"))).contains("there is no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a/b", "a\\b", "..", ".x", "a..b", "a\nb", "-x", "ü"})
    void theEnvironmentIsNoPath(String environment) {
        assertThat(refused(project, Overrides.ofEnvironment(environment)))
                .startsWith("parameters: error: the environment ")
                .contains("is no name of letters");
    }

    @Test
    void aHugeFileIsNotReadToItsEnd() throws IOException {
        Files.write(project.resolve("pym-config.big.yaml"), new byte[300 * 1024]);
        assertThat(refused(project, Overrides.ofEnvironment("big")))
                .startsWith("pym-config.big.yaml: error: the file is larger than 256 KiB");
    }

    @Test
    void saysWhenTheServiceWillReadAnotherFile() throws ConfigException, IOException {
        assertThat(ConfigReader.read(project, Overrides.ofEnvironment("qa")).warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "pym-config.qa.yaml: warning: in staging PYM_ENV is hello-staging, and there is no"
                                + " pym-config.hello-staging.yaml, so the service reads pym-config.yaml there."
                                + " Set pym_env: qa if it is to read this file.",
                        "pym-config.qa.yaml: warning: in live PYM_ENV is hello-live, and there is no pym-config.hello-live.yaml,"
                                + " so the service reads pym-config.yaml there. Set pym_env: qa if it is to read this file.");

        Files.writeString(project.resolve("pym-config.hello-staging.yaml"), Configs.DOCKER);
        Files.writeString(project.resolve("pym-config.qa.yaml"), Configs.DOCKER + "live: {pym_env: qa}");
        assertThat(ConfigReader.read(project, Overrides.ofEnvironment("qa")).warnings())
                .isEmpty();
    }

    private static String refused(Path directory, Overrides overrides) {
        return catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(directory, overrides))
                .getMessage();
    }
}
