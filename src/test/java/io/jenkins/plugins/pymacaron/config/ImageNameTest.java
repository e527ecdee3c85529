package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "beanstalk,'',demo/hello",
        "docker,'',demo/hello",
        "gke,'',gcr.io/demo/hello",
        "cloud-run,'registry: eu.gcr.io',eu.gcr.io/demo/hello",
        "docker,'registry: localhost:5000',localhost:5000/demo/hello",
        "docker,'registry: index.docker.io',demo/hello"
    })
    void isMadeOfRegistryRepositoryAndName(String target, String line, String repository) throws ConfigException {
        PymConfig config = Configs.read(Configs.of(target) + line).base();

        assertThat(ImageName.of(config)).hasToString(repository);
        assertThat(ImageName.of(config).tagged("220101-1200-1-abcdef")).isEqualTo(repository + ":220101-1200-1-abcdef");
        assertThat(ImageName.of(config).at("sha256:ab")).isEqualTo(repository + "@sha256:ab");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", ".x", "a b", "a/b", "a:b"})
    void tagsHaveAGrammar(String tag) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageName("docker.io", "a/b").tagged(tag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "a-b", "a--b", "a__b", "a.b/c_d", "my-project/repo"})
    void acceptsRepositories(String path) {
        assertThat(ImageName.PATH_PATTERN.matcher(path).matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Demo", "a..b", "a___b", "_a", "a-", "a//b", "/a", "a/", "a:b", "a b", ""})
    void refusesRepositories(String path) {
        assertThat(ImageName.PATH_PATTERN.matcher(path).matches()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python:3.12-slim",
                "localhost:5000/base",
                "reg.example.com/a/b:c@sha256:0123456789abcdef0123456789abcdef",
                "base"
            })
    void acceptsReferences(String reference) {
        assertThat(ImageName.REFERENCE_PATTERN.matcher(reference).matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Base", "a:", "a@b", "https://a/b", "a b", "a:b:c", "-a"})
    void refusesReferences(String reference) {
        assertThat(ImageName.REFERENCE_PATTERN.matcher(reference).matches()).isFalse();
    }

    @Test
    void aHostDoesNotHideInTheRepository() {
        assertThat(Configs.refused(Configs.DOCKER.replace("demo", "reg.example.com/team")))
                .singleElement()
                .asString()
                .startsWith("f:2:1: error: docker would take the first part of docker_repo for a registry");
        assertThat(Configs.refused(Configs.DOCKER.replace("demo", "localhost:5000/team")))
                .singleElement()
                .asString()
                .endsWith("Put the host of a registry of your own into the key registry.");
    }

    @Test
    void theWholeNameHasALimit() {
        assertThat(Configs.refused(Configs.DOCKER.replace("demo", "d".repeat(250))))
                .singleElement()
                .asString()
                .contains("the image's name is too long");
    }

    @ParameterizedTest
    @CsvSource({
        "beanstalk,my_service,does not suit AWS Elastic Beanstalk",
        "cloud-run,my.service,does not suit Google Cloud Run",
        "gke,1service,does not suit Google Kubernetes Engine",
        "beanstalk,a1234567890123456789012345678901234567890,longer than the 40",
        "cloud-run,a12345678901234567890123456789012345678901,longer than the 41",
        "gke,a12345678901234567890123456789012,longer than the 32"
    })
    void theNameSuitsTheTarget(String target, String name, String reason) {
        assertThat(Configs.refused(Configs.of(target).replace("hello\n", name + "\n")))
                .singleElement()
                .asString()
                .startsWith("f:1:1: error: the name ")
                .contains(reason);
    }

    @Test
    void anOwnClusterLeavesMoreRoom() throws ConfigException {
        String text = Configs.of("gke").replace("hello\n", "a".repeat(33) + "\n") + "gke_cluster: shared";

        assertThat(Configs.read(text).base().name()).hasSize(33);
    }
}
