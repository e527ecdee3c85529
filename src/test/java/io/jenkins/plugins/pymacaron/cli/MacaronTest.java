package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.ContainerFacts;
import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/macaron}, with the real library in image and tests. Run where bin/verify has found it. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class MacaronTest {
    private static final String STALE = "# This is an auto-generated file - DO NOT EDIT!!!\nraise Exception('stale')\n";

    /**
     * The library's own example looks for files in this way, where it takes the server for a process of this machine.
     */
    private static final String LOCAL = """
            from pymacaron.test import PyMacaronTestCase


            class LocalTest(PyMacaronTestCase):
                def test_files_of_a_server_on_this_machine(self):
                    self.assertHasPing()
                    if self.host == '127.0.0.1':
                        open('/nosuch/written-by-a-task').close()
            """;

    /** A second API beside that of the example, with a model of its own. */
    private static final String MENU = """
            swagger: '2.0'
            info: {title: Menu, version: '1.0'}
            host: localhost
            schemes: [http]
            basePath: /
            produces: [application/json]
            paths:
              /menu:
                get:
                  summary: What there is
                  produces: [application/json]
                  x-bind-server: bakery.menu.show
                  responses:
                    '200':
                      description: The flavours
                      schema: {$ref: '#/definitions/Menu'}
            definitions:
              Menu:
                type: object
                properties:
                  flavours: {type: integer}
            """;

    private static final String MENU_CODE = """
            from pymacaron import apipool
            from bakery.prices import PRICES


            def show():
                return apipool.menu.Menu(flavours=len(PRICES))
            """;

    private static final String MENU_TEST = """
            from pymacaron.test import PyMacaronTestCase


            class MenuTest(PyMacaronTestCase):
                def test_the_second_api_answers(self):
                    self.assertEqual(self.assertGetReturnJson('menu')['flavours'], 2)
            """;

    private Service service;
    private String python;

    @BeforeEach
    void copyExample(@TempDir Path temporary) throws Exception {
        String base = RealDocker.variable("PYM_TEST_LIBRARY_BASE");
        python = RealDocker.variable("PYM_TEST_LIBRARY_PYTHON");
        service = Service.in(temporary).with("PYM_JWT_SECRET", "a secret of some length, for HS256");
        service.git("rm", "-r", "--quiet", ".");
        Path example = Path.of("examples/macaron");
        try (Stream<Path> files = Files.walk(example)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                service.write(example.relativize(file).toString(), Files.readString(file));
            }
        }
        service.write(".gitignore", "__pycache__/\n")
                .write(
                        "pym-config.yaml",
                        Files.readString(example.resolve("pym-config.yaml"))
                                        .replace("name: macaron", "name: " + Service.NAME)
                                        .replaceAll("docker_base: .*", "docker_base: " + base)
                                        .replace(":8092", ":" + Service.LIVE)
                                        .replace(":8093", ":" + Service.STAGING)
                                + "registry: " + RealDocker.variable("PYM_TEST_REGISTRY") + "\n");
    }

    /** Code that was committed with an older yaml, as the library's own example has it, would end each worker here. */
    @Test
    void isDeployedAsItsYamlFilesSayWithTasksOfItsOwn() throws Exception {
        service.write("apis/menu.yaml", MENU)
                .write("apis/menu_models.py", STALE)
                .write("apis/menu_app.py", STALE)
                .write("bakery/menu.py", MENU_CODE)
                .write("testaccept/test_menu.py", MENU_TEST)
                .write(
                        "testaccept/test_bakery.py",
                        Files.readString(Path.of("examples/macaron/testaccept/test_bakery.py"))
                                .replace("['bakery', 'ping']", "['bakery', 'menu', 'ping']"))
                .write("apis/bakery_models.py", STALE)
                .write("apis/bakery_app.py", STALE)
                .write("apis/ping_models.py", STALE)
                .write("testaccept/test_local.py", LOCAL)
                .commit("macaron");

        Service.Ended ended = service.run("--python", python);

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("ok Accept image", "ok Accept staging", "ok Accept live");
        List<ContainerFacts> serving = Service.containersOf("docker/" + Service.NAME);
        assertThat(serving).hasSize(2);
        for (ContainerFacts container : serving) {
            String own = Service.docker()
                    .containers()
                    .exec(
                            container.id(),
                            List.of(
                                    "sh",
                                    "-c",
                                    "ls -l /tmp/pym-redis.sock apis/bakery_app.py apis/menu_app.py; ls /tmp | grep -c ^order"),
                            Duration.ofSeconds(30))
                    .output();
            // One order of its own tests was taken in each of them, and none of the other's.
            assertThat(own).contains("/tmp/pym-redis.sock").endsWith("1\n");
            assertThat(own.lines().filter(line -> line.startsWith("-r--r--r--")))
                    .hasSize(2);
        }
    }
}
