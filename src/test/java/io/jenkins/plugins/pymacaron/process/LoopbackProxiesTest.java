package io.jenkins.plugins.pymacaron.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopbackProxiesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "http_proxy|-|-|127.0.0.1,127.0.0.2,localhost,::1|127.0.0.1,127.0.0.2,localhost,::1",
                "HTTPS_PROXY|.corp|-|.corp,127.0.0.1,127.0.0.2,localhost,::1|.corp,127.0.0.1,127.0.0.2,localhost,::1",
                "all_proxy|a|b, localhost|a,127.0.0.1,127.0.0.2,localhost,::1|b,localhost,127.0.0.1,127.0.0.2,::1",
                "http_proxy|*|-|*|*",
                "unrelated|-|-|-|-",
            })
    void ownAddressesNeedNoProxy(String proxy, String lower, String upper, String lowerAfter, String upperAfter) {
        Map<String, String> environment = new HashMap<>(Map.of(proxy, "http://proxy.corp:3128"));
        if (lower != null) {
            environment.put("no_proxy", lower);
        }
        if (upper != null) {
            environment.put("NO_PROXY", upper);
        }
        LoopbackProxies.spare(environment, Set.of(), Set.of());
        assertThat(environment.get("no_proxy")).isEqualTo(lowerAfter);
        assertThat(environment.get("NO_PROXY")).isEqualTo(upperAfter);
        assertThat(environment).containsEntry(proxy, "http://proxy.corp:3128");
    }

    @Test
    void theProxySettingsOfAServiceStayByteForByte() {
        Map<String, String> environment = new HashMap<>(Map.of("http_proxy", "http://p:1", "NO_PROXY", "x , y"));
        LoopbackProxies.spare(environment, Set.of("NO_PROXY"), Set.of());
        assertThat(environment).containsEntry("NO_PROXY", "x , y");
    }

    /** Python's urllib is what the acceptance tests ask with. */
    @Test
    void pythonAsksThisMachineItself() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("http_proxy", "http://127.0.0.1:1"));
        LoopbackProxies.spare(environment, Set.of(), Set.of("172.17.0.2"));
        ProcessResult finished = new Processes(SecretMask.NONE, line -> {})
                .query(Command.of(
                                List.of(
                                        "python3",
                                        "-c",
                                        "import urllib.request as r; print([bool(r.proxy_bypass(h)) for h in"
                                                + " ('127.0.0.1:8080', 'localhost', '127.0.0.2', '172.17.0.2:80', 'example.com')])"))
                        .with(environment));
        assertThat(finished.output().strip()).isEqualTo("[True, True, True, True, False]");
    }
}
