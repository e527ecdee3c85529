package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two slots at one address are found, however it is written. */
class SlotAddressesTest {
    private static String file(String target, String live, String staging) {
        return (target.equals("docker") ? Configs.DOCKER : Configs.BEANSTALK).replaceAll("live_url: .*", "")
                + "live_url: " + live + "\nstaging:\n  live_url: " + staging + "\n";
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8090, http://localhost:8090",
        "http://LocalHost:8090, http://127.0.0.1:8090",
        "http://localhost.:8090, http://localhost:8090",
        "http://[::1]:8090, http://localhost:8090",
        "http://a.example.com, http://A.example.com.:80",
        "https://a.example.com, https://a.example.com:443",
        "http://[0:0:0:0:0:0:0:2], http://[::2]:80",
    })
    void stagingAndLiveAtOneAddressAreRefusedOnEveryTarget(String live, String staging) {
        for (String target : new String[] {"docker", "beanstalk"}) {
            assertThat(Configs.refused(file(target, live, staging)))
                    .as(target)
                    .anyMatch(line ->
                            line.contains("staging and live ") && line.endsWith("Give one of them another live_url."));
        }
    }

    @Test
    void oneEngineHasEachPortOnceForEveryHost() {
        assertThat(Configs.refused(file("docker", "http://a.example.com:8090", "http://127.0.0.1:8090")))
                .containsExactly("f:7:3: error: staging and live both listen on port 8090 of one Docker Engine. "
                        + "Give one of them another live_url.");
        assertThat(Configs.refused(Configs.DOCKER
                        + "live:\n  - live_url: http://127.0.0.1:8090\n  - live_url: http://a.example.com:8090\n"))
                .containsExactly("f:7:5: error: live 1 and live 2 both listen on port 8090 of one Docker Engine. "
                        + "Give one of them another live_url.");
    }

    @Test
    void behindAProxyTheContainersOwnAddressesCount() {
        String proxied = file("docker", "https://a.example.com", "https://b.example.com");
        assertThat(Configs.refused(
                        proxied + "  docker_address: http://127.0.0.1:8090\ndocker_address: http://localhost:8090\n"))
                .containsExactly("f:8:3: error: staging and live both listen on port 8090 of one Docker Engine."
                        + " Give one of them another docker_address.");
        assertThat(Configs.refused(file("docker", "http://127.0.0.1:8090", "https://b.example.com")
                        + "  docker_address: http://127.0.0.1:8090\n"))
                .containsExactly("f:8:3: error: staging and live both listen on port 8090 of one Docker Engine."
                        + " Give one of them another docker_address or live_url.");
        assertThatCode(() -> Configs.read(
                        proxied + "  docker_address: http://127.0.0.1:8091\ndocker_address: http://127.0.0.1:8090\n"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8091", "http://a.example.com"})
    void differentAddressesStand(String staging) {
        assertThatCode(() -> Configs.read(file("docker", "http://127.0.0.1:8090", staging)))
                .doesNotThrowAnyException();
    }

    @Test
    void regionsOfACloudMayShareAName() {
        assertThatCode(() -> Configs.read(
                        Configs.BEANSTALK + "live:\n  - aws_region: eu-west-1\n  - aws_region: us-east-1\n"))
                .doesNotThrowAnyException();
    }
}
