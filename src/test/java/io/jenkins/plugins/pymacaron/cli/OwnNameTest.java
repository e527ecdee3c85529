package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A service that answers under its own name only, and below a base path. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class OwnNameTest {
    private static final String SERVER = """
            import json
            import os

            with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'VERSION')) as f:
                VERSION = f.read().strip()


            def app(environ, start_response):
                status = '200 OK'
                if environ['HTTP_HOST'] != 'hello.example.com':
                    status = '400 Bad Request'
                elif not environ['PATH_INFO'].startswith('/api/'):
                    status = '404 Not Found'
                start_response(status, [('Content-Type', 'application/json')])
                return [json.dumps({'version': VERSION}).encode()]
            """;

    private static final String ACCEPT = """
            import json
            import os
            import unittest
            import urllib.request


            class ServiceTest(unittest.TestCase):
                def test_version_is_asked_as_the_pipeline_does(self):
                    host, port = os.environ['PYM_SERVER_HOST'], os.environ['PYM_SERVER_PORT']
                    # Tests of PyMacaron services take this one for "the server is a process of this machine".
                    self.assertNotEqual(host, '127.0.0.1')
                    request = urllib.request.Request(
                        'http://%s:%s%s/version' % (host, port, os.environ['PYM_SERVER_BASE_PATH']),
                        headers={'Host': os.environ['PYM_SERVER_NAME']})
                    with urllib.request.urlopen(request, timeout=10) as answer:
                        self.assertTrue(json.load(answer)['version'])
            """;

    @TempDir
    Path temporary;

    private Service service;

    private Service.Ended run(int expected, String accept) throws Exception {
        service.write("pym-config.yaml", Service.config(accept)).commit("asked otherwise");
        Service.Ended ended = service.run("--no-push", "--no-unittest");
        assertThat(ended.code()).as(ended.output()).isEqualTo(expected);
        return ended;
    }

    /**
     * Returns its message after it has waited for a while; on a busy machine it waits longer, until the service could
     * answer.
     */
    private String waited(String accept) throws Exception {
        String output = "";
        for (int seconds = 6; !output.contains("GET /ping answers"); seconds *= 5) {
            output = run(4, "ready_timeout: " + seconds + "s" + accept).output();
        }
        return output;
    }

    @Test
    void isDeployedOnceTheConfigurationSaysHowToAskIt() throws Exception {
        service = Service.in(temporary).write("server.py", SERVER).write("testaccept/test_service.py", ACCEPT);

        assertThat(waited(""))
                .contains("GET /ping answers 400 to the host ", "accept.host has to name one that it knows");
        assertThat(waited(", host: hello.example.com"))
                .contains("GET /ping answers 404, and GET /api/ping answers 200: set accept.base_path: /api");
        Service.Ended ended =
                run(0, "ready_timeout: 5m, request_timeout: 1m, host: hello.example.com, base_path: /api");

        assertThat(ended.output()).contains("ok Accept image", "ok Accept staging", "ok Accept live");
        assertThat(Service.running()).containsExactly("live serving", "staging serving");
        service.write("server.py", SERVER + "# changed\n").commit("changed");
        ended = service.run("--no-push", "--no-unittest");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains(", no failed request in ");
    }
}
