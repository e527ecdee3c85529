package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registry, a service and its tests that tell all that they know, in each form: nothing that is kept or printed has it.
 * The clouds are in {@link EchoTest}.
 */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class LeakTest {
    private static final String VALUE = "sesame-Q7 \"x\" \\ 9f3c & öffne\nand the second line of it";
    private static final String PASSWORD = "pass/word+of=the registry's";

    /** The script that prints each secret of the service and its tests. */
    private static final String TELL = """
            import base64
            import json
            import os
            import urllib.parse
            import xml.sax.saxutils


            def tell():
                told = []
                for name in ('E2E_SECRET', 'PYM_JWT_TOKEN', 'JWT'):
                    secret = os.environ.get(name)
                    if secret:
                        told += [secret, repr(secret), json.dumps(secret), json.dumps(json.dumps(secret)),
                                 urllib.parse.quote(secret), urllib.parse.quote_plus(secret),
                                 xml.sax.saxutils.quoteattr(secret)]
                        for before in (b'', b'x', b'xx'):
                            told += [base64.b64encode(before + secret.encode()).decode(),
                                     base64.urlsafe_b64encode(before + secret.encode()).decode()]
                return ' | '.join(told)
            """;

    @TempDir
    Path temporary;

    private Service service;

    @BeforeEach
    void start() throws Exception {
        service = Service.in(temporary).with(Service.SECRET, VALUE);
    }

    private void assertNothingIsTold(Service.Ended ended, String... more) throws Exception {
        List<String> secrets = new java.util.ArrayList<>(List.of(VALUE));
        secrets.addAll(List.of(more));
        Leaks.assertNone("the output", ended.output(), secrets);
        Leaks.assertNoneBelow(service.directory().resolve(".pym"), secrets);
        Leaks.assertNoneBelow(Path.of(service.environment().get("XDG_STATE_HOME")), secrets);
    }

    /** Returns a registry that lets in, and repeats what it was told in all else that it says. */
    private static Answer registry(Request request, boolean letsIn) {
        String authorization = request.headers().getOrDefault("authorization", "");
        if (authorization.isEmpty()) {
            return new Answer(401, Map.of("WWW-Authenticate", "Basic realm=\"e2e\""), new byte[0]);
        }
        if (letsIn && request.path().equals("/v2/")) {
            return Answer.json(200, "{}");
        }
        String basic = new String(
                Base64.getDecoder().decode(authorization.replaceFirst("(?i)^basic ", "")), StandardCharsets.UTF_8);
        String said = "echo of " + authorization + " which is " + basic;
        String message = said.replace("\\", "\\\\").replace("\"", "\\\"");
        return Answer.json(
                letsIn ? 500 : 403, "{\"errors\": [{\"code\": \"DENIED\", \"message\": \"" + message + "\"}]}");
    }

    private void pushTo(WireServer registry) throws Exception {
        service.with("PYM_REGISTRY_USER", "pym").with("PYM_REGISTRY_PASSWORD", PASSWORD);
        service.write(
                        "pym-config.yaml",
                        Service.config()
                                .replace(RealDocker.variable("PYM_TEST_REGISTRY"), "127.0.0.1:" + registry.port()))
                .commit("to a registry that repeats what it hears");
    }

    @Test
    void aRegistryThatRefusesEveryLogin() throws Exception {
        try (WireServer registry = WireServer.start(request -> registry(request, false))) {
            pushTo(registry);

            Service.Ended ended = service.runChild("--no-test", "--debug");

            assertThat(ended.code()).as(ended.output()).isEqualTo(3);
            assertNothingIsTold(ended, PASSWORD, "pym:" + PASSWORD);
        }
    }

    @Test
    void aRegistryThatRefusesTheImage() throws Exception {
        try (WireServer registry = WireServer.start(request -> registry(request, true))) {
            pushTo(registry);

            Service.Ended ended = service.runChild("--no-test", "--debug");

            assertThat(ended.code()).as(ended.output()).isIn(3, 5);
            assertNothingIsTold(ended, PASSWORD, "pym:" + PASSWORD);
        }
    }

    /** The service prints secrets in its log, and in its version. */
    @Test
    void aServiceThatDoesNotStart() throws Exception {
        service.write("tell.py", TELL)
                .write("server.py", Service.server("one").replace("VERSION = f.read().strip()", """
                        VERSION = f.read().strip()

                        import sys

                        from tell import tell
                        print('told: ' + tell(), file=sys.stderr, flush=True)
                        VERSION = tell()"""))
                .commit("a service that tells");

        Service.Ended ended = service.runChild("--no-push", "--no-unittest", "--debug");

        assertThat(ended.code()).as(ended.output()).isEqualTo(4);
        assertThat(service.lastRun().resolve("report/container.log")).content().contains("told: ");
        assertThat(service.lastRun().resolve("report/report.html")).content().contains("Accept image");
        assertNothingIsTold(ended);
    }

    /** Failed tests print secrets in messages, traces and output, when live is accepted, and in its rollback. */
    @Test
    void testsThatFail() throws Exception {
        String test = TELL + """


                import unittest


                class TellTest(unittest.TestCase):
                    def test_tell(self):
                        print('told: ' + tell())
                        if os.environ['PYM_ENV'].endswith('-live'):
                            for part in tell().split(' | '):
                                with self.subTest('told ' + part):
                                    pass
                            raise ValueError('told: ' + tell())
                """;
        service.write("testaccept/test_tell.py", test).commit("tests that tell");

        Service.Ended ended = service.runChild("--no-push", "--no-unittest", "--debug");

        assertThat(ended.code()).as(ended.output()).isEqualTo(6);
        for (String kept : List.of("live.xml", "report.html")) {
            assertThat(service.lastRun().resolve("report").resolve(kept))
                    .content()
                    .contains("told: ");
        }
        assertNothingIsTold(ended);
    }
}
