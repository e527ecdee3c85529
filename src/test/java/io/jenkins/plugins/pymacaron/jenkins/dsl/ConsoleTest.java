package io.jenkins.plugins.pymacaron.jenkins.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import hudson.model.Result;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The console of a deployment that works, and of deployments that fail in each stage: its lines, and what it omits. */
@WithJenkins
@ExtendWith(CleanEngine.class)
class ConsoleTest {
    /** Beside the tests of the service, and named by pytest if a project wants that. */
    private static final String PASSING = """
            import pytest


            @pytest.mark.parametrize('i', range(20))
            def test_fine(i):
                pass
            """;

    private static JenkinsRule j;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        Jobs.prepare(rule);
    }

    @Test
    void namesFailingCasesAndCountsTheOthers(@TempDir Path temporary) throws Exception {
        Service service = Service.in(temporary)
                .write("pytest.ini", "[pytest]\naddopts = -v -rA\n")
                .write("test/test_many.py", PASSING)
                .write("testaccept/test_many.py", PASSING);
        Jobs.withJenkinsfile(service, "pymacaronDeploy(%s)".formatted(Jobs.python()));
        WorkflowJob job = Jobs.fromScm(j, "counts", service);
        WorkflowRun good = j.buildAndAssertSuccess(job);

        assertThat(Consoles.console(good))
                .as("tests of four stages")
                .doesNotContain("test_fine", "test_gate", "test_version")
                .contains("21 passed", "22 passed");
        Consoles.assertSpeakToUsersOfJenkins(j, good);
        assertThat(good.getLog(Integer.MAX_VALUE))
                .as("layers of the image are listed once")
                .filteredOn(line -> line.matches(".*[0-9a-f]{12}: (Pushed|Layer already exists|Mounted from .*)"))
                .doesNotHaveDuplicates();

        service.at(Service.NAME + "-staging", "exit 7").commit("staging fails");
        WorkflowRun bad = j.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(Flow.stages(bad)).endsWith("Deploy staging", "Accept staging!");
        assertThat(Consoles.console(bad))
                .doesNotContain("test_fine")
                .contains("test_gate", "returned non-zero exit status 7", "testaccept/gate.py");
        Consoles.assertSpeakToUsersOfJenkins(j, bad);
    }

    @Test
    void speaksToUsersOfJenkinsWhereverItFails(@TempDir Path temporary) throws Exception {
        Service service = Service.in(temporary);
        Jobs.withJenkinsfile(service, "pymacaronDeploy(%s)".formatted(Jobs.python()));
        WorkflowJob job = Jobs.fromScm(j, "fails", service);
        Path config = service.directory().resolve("pym-config.yaml");
        String good = Files.readString(config);

        service.write("pym-config.yaml", good.replace("name: ", "name: [")).commit("no YAML");
        fails(job, "Preflight", "pym-config.yaml:");
        service.write("pym-config.yaml", good).git("mv", "pym-config.yaml", "pym-config.dev.yaml");
        service.commit("another name");
        fails(job, "Preflight", "pym-config.dev.yaml");
        service.git("mv", "pym-config.dev.yaml", "pym-config.yaml");

        service.write("test/conftest.py", "import no_such_thing\n").commit("tests cannot begin");
        fails(job, "Unit tests", "no_such_thing");
        service.write("test/conftest.py", "")
                .write("Dockerfile.extra", "RUN echo broken >&2; exit 3\n")
                .commit("no image");
        fails(job, "Build image", "broken");
        service.write("Dockerfile.extra", "").content("'; broken").commit("does not start");
        fails(job, "Accept image", "SyntaxError");

        service.write("server.py", doesNotStartAs(Service.NAME + "-staging")).commit("does not start as staging");
        fails(job, "Deploy staging", "refuses to start");
        service.write("server.py", doesNotStartAs(Service.NAME + "-live")).commit("does not start as live");
        fails(job, "Promote to live", "refuses to start");
        HttpServer registry = refusingRegistry();
        try {
            String address = "127.0.0.1:" + registry.getAddress().getPort();
            service.write("pym-config.yaml", good.replaceFirst("registry: .*", "registry: " + address))
                    .content("two")
                    .commit("another registry");
            fails(job, "Push image", "the quota is used up");
        } finally {
            registry.stop(0);
        }
    }

    private static String doesNotStartAs(String environment) {
        return Service.server("one")
                + "\n\nif os.environ.get('PYM_ENV') == '%s':\n    raise RuntimeError('refuses to start')\n"
                        .formatted(environment);
    }

    /** A registry that has nothing and takes nothing, as the OCI distribution specification has it. */
    private static HttpServer refusingRegistry() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", exchange -> {
            boolean reads = List.of("GET", "HEAD").contains(exchange.getRequestMethod());
            boolean root = exchange.getRequestURI().getPath().equals("/v2/");
            byte[] body = "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"the quota is used up\"}]}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(
                    root ? 200 : reads ? 404 : 403, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
            if (!exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void fails(WorkflowJob job, String stage, String why) throws Exception {
        WorkflowRun run = j.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(Flow.stages(run)).last().asString().startsWith(stage);
        j.assertLogContains(why, run);
        Consoles.assertEndsWith(j, run, stage);
        Consoles.assertSpeakToUsersOfJenkins(j, run);
    }
}
