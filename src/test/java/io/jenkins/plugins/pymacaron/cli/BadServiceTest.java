package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images and tests that misbehave. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class BadServiceTest {
    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void makeService() throws Exception {
        service = Service.in(temporary);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(Service.containers()).isEmpty();
        assertThat(Service.underTest()).isEmpty();
    }

    private void fails(String line, String... more) throws Exception {
        service.commit("misbehaves");
        String[] arguments = new String[more.length + 3];
        arguments[0] = "--no-push";
        arguments[1] = "--no-unittest";
        arguments[2] = "--no-deploy";
        System.arraycopy(more, 0, arguments, 3, more.length);
        Service.Ended ended = service.run(arguments);
        assertThat(ended.code()).as(ended.output()).isEqualTo(4);
        assertThat(ended.output()).contains(line).doesNotContain("\tat io.jenkins");
        assertThat(Service.underTest()).isEmpty();
    }

    @Test
    void images() throws Exception {
        service.write("server.py", "raise ValueError('I do not feel like it')\n");
        fails("I do not feel like it");

        service.content("one")
                .write("server.py", Service.SERVER.replace("{'version': VERSION,", "{'version': 'another',"));
        fails("answers version another, not ");

        service.write("server.py", Service.SERVER.replace("'/ping': {}", "'/pong': {}"))
                .write("pym-config.yaml", Service.config("ready_timeout: 2s"));
        fails("did not answer within 2 s");
    }

    @Test
    void theFirstDeploymentOfAnImageThatDiesInStaging() throws Exception {
        service.write(
                        "server.py",
                        Service.SERVER
                                + "\nif os.environ['PYM_ENV'].endswith('staging'):\n    raise ValueError('not here')\n")
                .commit("dies in staging");

        Service.Ended ended = service.run("--no-push", "--no-test");

        assertThat(ended.code()).as(ended.output()).isEqualTo(6);
        assertThat(ended.output()).contains("FAILED Deploy staging", "ended with exit code", "not here");
    }

    @Test
    void tests() throws Exception {
        service.at("dev", "exec sleep 1000");
        fails("did not end within 2 s", "--timeout", "container=2s");

        service.at("dev", "kill -9 $PPID");
        fails("crashed and left no report");

        service.at("dev", "echo here comes \"$E2E_SECRET\"; exit 1").with(Service.SECRET, "hush-hush-hush");
        service.commit("tells");
        Service.Ended ended = service.run("--no-push", "--no-unittest", "--no-deploy");
        assertThat(ended.code()).isEqualTo(4);
        assertThat(ended.output()).contains("here comes ").doesNotContain("hush-hush-hush");

        service.at("dev", "exit 0").write("testaccept/conftest.py", """
                        import os

                        def pytest_unconfigure(config):
                            with open(config.option.xmlpath, 'w') as f:
                                f.write('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><testsuite>&e;</testsuite>')
                        """);
        fails("an unreadable report");

        service.write("testaccept/conftest.py", """
                import os

                def pytest_unconfigure(config):
                    os.remove(config.option.xmlpath)
                """);
        fails("left no report");
    }
}
