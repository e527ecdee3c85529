package io.jenkins.plugins.pymacaron.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerFactsTest {
    /** Engine 29 has it below Networks alone (API 1.52); on the network of the machine it is empty. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"IPAddress\": \"172.17.0.2\", \"Networks\": {\"bridge\": {\"IPAddress\": \"172.17.0.2\"}}}|172.17.0.2",
                "{\"Networks\": {\"bridge\": {\"IPAddress\": \"172.17.0.3\"}}}|172.17.0.3",
                "{\"IPAddress\": \"\", \"Networks\": {\"host\": {\"IPAddress\": \"\"}}}|-",
                "{}|-",
            })
    void theAddressIsThatOfItsNetwork(String settings, String address) throws IOException {
        assertThat(ContainerFacts.of(DockerJson.parse("{\"NetworkSettings\": " + settings + "}"))
                        .network()
                        .address())
                .isEqualTo(Optional.ofNullable(address));
    }
}
