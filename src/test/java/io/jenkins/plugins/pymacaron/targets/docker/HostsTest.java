package io.jenkins.plugins.pymacaron.targets.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.LiveUrl;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.docker.EngineFacts;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every accepted form of an address is one at which a container answers. */
class HostsTest {
    private static final EngineFacts HERE =
            new EngineFacts("28.0", "1.48", "28.0", "linux", true, "127.0.0.1", "amd64");

    private static LiveUrl url(String url) throws Exception {
        String text = "name: hello\ndocker_repo: demo\ndeploy_target: docker\nlive_url: \"" + url + "\"\n";
        return ConfigReader.read("pym-config.yaml", text.getBytes(StandardCharsets.UTF_8), Overrides.NONE)
                .live()
                .get(0)
                .liveUrl();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8090, 127.0.0.1",
        "http://127.0.0.2:8090, 127.0.0.2",
        "http://localhost:8090, 127.0.0.1",
        "http://LOCALHOST:8090, 127.0.0.1",
    })
    void listensWhereItIsAsked(String url, String listening) throws Exception {
        assertThat(Hosts.problem(url(url), HERE)).isEmpty();
        assertThat(Hosts.listening(url)).isEqualTo(listening);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://[::1]:8090",
                "http://[2001:db8::1]:8090",
                "http://0.0.0.0:8090",
                "http://127.0.0.01:8090",
                "http://203.0.113.7:8090",
                "http://no-such-host.invalid:8090",
            })
    void refusesWhereNoContainerAnswers(String url) throws Exception {
        assertThat(Hosts.problem(url(url), HERE)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8090", "http://127.0.0.1:8090"})
    void thisMachineIsNotThatOfAnEngineElsewhere(String url) throws Exception {
        EngineFacts elsewhere = new EngineFacts("28.0", "1.48", "28.0", "linux", true, "203.0.113.7", "amd64");

        assertThat(Hosts.problem(url(url), elsewhere)).isPresent();
        assertThat(Hosts.problem(url("http://203.0.113.7:8090"), elsewhere)).isEmpty();
    }
}
