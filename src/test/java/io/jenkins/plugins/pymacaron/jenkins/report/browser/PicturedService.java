package io.jenkins.plugins.pymacaron.jenkins.report.browser;

import io.jenkins.plugins.pymacaron.FreePorts;
import io.jenkins.plugins.pymacaron.cli.Service;
import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.ImageFacts;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.jenkins.dsl.Jobs;
import java.nio.file.Path;
import java.util.Map;

/** A service with tests as people write them, for pictures: it is deployed for real. */
final class PicturedService implements AutoCloseable {
    static final String NAME = "greetings";

    private static final String UNIT = """
            import unittest

            GREETINGS = {'da': 'Goddag', 'de': 'Guten Tag', 'en': 'Hello', 'fi': 'Hei', 'fr': 'Bonjour', 'sv': 'Hej'}


            class TestGreetings(unittest.TestCase):
                pass


            def case(language, greeting):
                def test(self):
                    self.assertEqual(GREETINGS[language], greeting)
                return test


            for language, greeting in sorted(GREETINGS.items()):
                setattr(TestGreetings, 'test_greets_in_' + language, case(language, greeting))
            """;

    private static final String ACCEPT = """
            import json
            import os
            import unittest
            import urllib.request


            def get(path):
                url = 'http://%s:%s%s' % (os.environ['PYM_SERVER_HOST'], os.environ['PYM_SERVER_PORT'], path)
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return answer.status, json.load(answer)


            class TestGreetings(unittest.TestCase):
                def test_answers_to_ping(self):
                    self.assertEqual(get('/ping'), (200, {}))

                def test_names_its_version(self):
                    status, answer = get('/version')
                    self.assertEqual(status, 200)
                    self.assertEqual(answer['pym_env'], os.environ['PYM_ENV'])

                def test_greets(self):
                    status, greeting = get('/content')
                    self.assertEqual(status, 200)
                    self.assertEqual(greeting, 'GREETING' if os.environ['PYM_ENV'].endswith('-live') else greeting)

                def test_greets_again(self):
                    self.assertEqual(get('/content'), get('/content'))

                @unittest.skipUnless(os.environ.get('PYM_SLOW'), 'needs PYM_SLOW=1')
                def test_greets_for_a_whole_night(self):
                    self.fail('nobody waits for this')
            """;

    private final Service service;

    PicturedService(Path temporary) throws Exception {
        service = Service.in(temporary);
        service.git("rm", "-r", "--quiet", "test", "testaccept");
        service.write("pym-config.yaml", """
                name: %s
                deploy_target: docker
                docker_repo: e2e
                registry: %s
                docker_base: %s
                live_url: http://127.0.0.1:%d
                staging:
                  live_url: http://127.0.0.1:%d
                """.formatted(
                                NAME,
                                RealDocker.variable("PYM_TEST_REGISTRY"),
                                RealDocker.base(),
                                FreePorts.next(),
                                FreePorts.next()))
                .write("test/test_greetings.py", UNIT);
        greets("Hello", "Hello", "Greet");
        Jobs.withJenkinsfile(service, "pymacaronDeploy(" + Jobs.python() + ")");
        author();
    }

    /** @param expected by the acceptance of live */
    void greets(String greeting, String expected, String message) throws Exception {
        service.content(greeting)
                .write("testaccept/test_greetings.py", ACCEPT.replace("GREETING", expected))
                .commit(message);
        author();
    }

    private void author() throws Exception {
        service.git(
                "-c",
                "user.name=Ada Lovelace",
                "-c",
                "user.email=ada@example.org",
                "commit",
                "--quiet",
                "--amend",
                "--no-edit",
                "--reset-author");
    }

    Service service() {
        return service;
    }

    @Override
    public void close() throws Exception {
        for (ContainerFacts container : Service.containersOf("docker/" + NAME + "/")) {
            Service.docker().containers().remove(container.id());
        }
        for (ImageFacts image : Service.docker().images().labelled(Map.of("io.jenkins.plugins.pymacaron.name", NAME))) {
            for (String tag : image.tags()) {
                Service.docker().images().remove(tag);
            }
        }
    }
}
