package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveUrlTest {
    private static final String SERVICE = "name: hello\ndocker_repo: demo\ndeploy_target: docker\n";

    @ParameterizedTest
    @CsvSource({
        "https://h.example.com,h.example.com,443,true",
        "http://h.example.com,h.example.com,80,false",
        "http://h.example.com:8080,h.example.com,8080,false",
        "https://h.example.com:443,h.example.com,443,true",
        "HTTP://h.example.com/,h.example.com,80,false",
        "http://127.0.0.1:8090,127.0.0.1,8090,false",
        "http://[::1]:8090,[::1],8090,false",
        "http://localhost,localhost,80,false"
    })
    void thePortIsTheWrittenOneElseThatOfTheScheme(String text, String host, int port, boolean tls)
            throws ConfigException {
        ProjectConfig project = Configs.read(SERVICE + "live_url: \"" + text + "\"");
        LiveUrl url = project.live().get(0).liveUrl();

        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.tls()).isEqualTo(tls);
        assertThat(url.toString()).isEqualToIgnoringCase(text.replaceAll("/$", ""));
        assertThat(project.warnings()).isEmpty();
    }

    @Test
    void aHostIsHttpsIfThereIsACertificate() throws ConfigException {
        String certificate = "aws_cert_arn: arn:aws:acm:eu-west-1:123456789012:certificate/a-b\n";
        LiveUrl plain =
                Configs.read(SERVICE + "live_host: h.example.com").live().get(0).liveUrl();
        LiveUrl tls = Configs.read(SERVICE + certificate + "live_host: h.example.com")
                .live()
                .get(0)
                .liveUrl();

        assertThat(plain).hasToString("http://h.example.com");
        assertThat(plain.port()).isEqualTo(80);
        assertThat(tls).hasToString("https://h.example.com");
        assertThat(tls.port()).isEqualTo(443);
    }

    @Test
    void theUrlWinsOverTheHost() throws ConfigException {
        assertThat(Configs.read(SERVICE + "live_host: a\nlive_url: http://b")
                        .live()
                        .get(0)
                        .liveUrl())
                .hasToString("http://b");
    }

    @Test
    void oneOfBothIsNeeded() {
        assertThat(Configs.refused(SERVICE))
                .containsExactly("f: error: live_url is missing, the URL of live."
                        + " Add for instance: live_url: https://hello.example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://h,must be a URL that starts with http",
        "h.example.com,must be a URL that starts with http",
        "'http://',must be a URL",
        "http://a b,must be a URL",
        "http:///x,must be a URL",
        "http://foo_bar:80,'has the host foo_bar, which is no host name and no address. An address has four numbers'",
        "http://127.1,'has the host 127.1, which is no host name and no address. An address has four numbers'",
        "http://u:p@foo_bar,must not hold a user or password",
        "http://u:p@h,must not hold a user or password",
        "http://h:0,has a port that does not exist",
        "http://h:65536,has a port that does not exist"
    })
    void refusesAddressesWithoutAConnection(String text, String reason) {
        assertThat(Configs.refused(SERVICE + "live_url: '" + text + "'"))
                .singleElement()
                .asString()
                .startsWith("f:4:11: error: live_url " + reason);
    }

    @ParameterizedTest
    @CsvSource({"http://h", "h:80", "h/x", "-h", "h..i"})
    void aHostIsNothingElse(String text) {
        assertThat(Configs.refused(SERVICE + "live_host: '" + text + "'"))
                .singleElement()
                .asString()
                .contains("live_host must be a host name")
                .endsWith("Use live_url for a whole URL.");
    }

    @ParameterizedTest
    @CsvSource({"127.1", "a.1"})
    void aHostCanStandInAUrl(String text) {
        assertThat(Configs.refused(SERVICE + "live_host: '" + text + "'"))
                .singleElement()
                .asString()
                .contains("live_host is no host name and no address. An address has four numbers");
    }

    @Test
    void warnsOfWhatIsNotUsed() throws ConfigException {
        ProjectConfig project = Configs.read(SERVICE + "live_url: http://h/api?x=1");

        assertThat(project.live().get(0).liveUrl()).hasToString("http://h");
        assertThat(project.warnings()).singleElement().asString().contains("live_url has a path, which is not used");
    }

    @ParameterizedTest
    @CsvSource({"https://h:8443", "http://h:443"})
    void warnsWhereTheTestsWouldSpeakAnotherProtocol(String text) throws ConfigException {
        assertThat(Configs.warnings(SERVICE + "live_url: " + text))
                .singleElement()
                .asString()
                .contains("PyMacaron's test classes speak https on port 443 and http on any other");
    }
}
