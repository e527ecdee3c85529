package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.ProjectConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the files that {@code pymdeploy init} writes for each kind of service. {@link InitDeployTest} shows that they
 * deploy.
 */
class InitTest {
    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void directory() throws Exception {
        directory = Files.createDirectory(temporary.resolve("My Greetings 2"));
    }

    private String init() {
        StringWriter said = new StringWriter();
        int code = Main.commandLine(Map.of(), directory, Instant.now())
                .setOut(new PrintWriter(said, true))
                .execute("init");
        assertThat(code).as(said.toString()).isZero();
        return said.toString();
    }

    private String file(String name) throws Exception {
        return Files.readString(directory.resolve(name));
    }

    @Test
    void writesASmallServiceIntoAnEmptyDirectory() throws Exception {
        assertThat(init())
                .contains("wrote  pym-config.yaml", "wrote  server.py", "wrote  testaccept/test_service.py")
                .contains("Next: git init; git add -A; git commit -m 'Prepare the deployment'; pymdeploy\n");
        ProjectConfig config = ConfigReader.read(
                directory,
                new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), false));
        assertThat(config.base().name()).isEqualTo("my-greetings-2");
        assertThat(config.warnings()).isEmpty();
        assertThat(file("Jenkinsfile")).contains("pymacaronDeploy(");
    }

    @Test
    void overwritesNothing() throws Exception {
        Files.writeString(directory.resolve("pym-config.yaml"), "name: mine\n");
        Files.createDirectories(directory.resolve("test"));
        Files.writeString(directory.resolve("test/test_service.py"), "# mine\n");
        assertThat(init())
                .contains("kept   pym-config.yaml, which is there", "kept   test/test_service.py")
                .contains("; pymdeploy --target docker --no-push\n");
        String config = file("pym-config.yaml");
        init();
        assertThat(file("pym-config.yaml")).isEqualTo(config).isEqualTo("name: mine\n");
        assertThat(file("test/test_service.py")).isEqualTo("# mine\n");
    }

    @Test
    void findsTheFlaskAppOfAnotherFile() throws Exception {
        Files.writeString(directory.resolve("main.py"), "import flask\n\nservice = flask.Flask('x')\n");
        init();
        assertThat(file("server.py")).contains("from main import service as app", "pym_endpoints.add_to(app)");
        assertThat(directory.resolve("pym_endpoints.py")).exists();
    }

    @Test
    void usesTheFunctionThatMakesTheApp() throws Exception {
        Files.writeString(
                directory.resolve("shop.py"),
                "from flask import Flask\n\ndef create_app(config=None, debug=False):\n    app = Flask('x')\n    return app\n");
        Files.writeString(directory.resolve("requirements.txt"), "flask\n");
        assertThat(init()).contains("requirements.txt has no gunicorn").doesNotContain("No Flask app was found");
        assertThat(file("server.py"))
                .contains("from shop import create_app", "app = create_app()\npym_endpoints.add_to(app)");
    }

    @Test
    void doesNotCallAFunctionThatWantsArguments() throws Exception {
        Files.writeString(directory.resolve("shop.py"), "def create_app(config):\n    return Flask('x')\n");
        assertThat(init()).contains("No Flask app was found");
        assertThat(directory.resolve("server.py")).doesNotExist();
    }

    @Test
    void saysWhatAPymacaronServiceUses() throws Exception {
        directory = Files.createDirectory(temporary.resolve("Übung 7"));
        Files.writeString(directory.resolve("server.py"), "from pymacaron import API\n");
        Files.writeString(directory.resolve("requirements.txt"), "pymacaron\npymacaron-async\n");
        Files.createDirectories(directory.resolve("apis"));
        Files.writeString(
                directory.resolve("apis/hello.yaml"),
                "swagger: '2.0'\nx-decorate-request: pymacaron.auth.requires_auth\n");
        assertThat(init()).contains("set PYM_JWT_SECRET").doesNotContain("gunicorn");
        ProjectConfig config = ConfigReader.read(
                directory,
                new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), false));
        assertThat(config.base().name()).isEqualTo("ubung-7");
        assertThat(config.base().withAsync()).isTrue();
        assertThat(config.base().jwtSecret()).contains("PYM_JWT_SECRET");
        assertThat(config.base().envSecrets()).containsExactly("PYM_JWT_SECRET");
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void twoServicesOfOneRepositoryHavePortsOfTheirOwn() throws Exception {
        Files.createDirectory(temporary.resolve(".git"));
        init();
        String first = file("pym-config.yaml");
        directory = Files.createDirectories(temporary.resolve("more/other"));
        init();
        assertThat(ports(file("pym-config.yaml"))).hasSize(2).doesNotContainAnyElementsOf(ports(first));
    }

    private static List<String> ports(String config) {
        return Pattern.compile("127\\.0\\.0\\.1:(\\d+)")
                .matcher(config)
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    @Test
    void leavesAServerAloneThatHasWhatIsNeeded() throws Exception {
        String server = "from pymacaron import API\n";
        Files.writeString(directory.resolve("server.py"), server);
        assertThat(init()).doesNotContain("pym_endpoints");
        assertThat(file("server.py")).isEqualTo(server);
        assertThat(directory.resolve("pym_endpoints.py")).doesNotExist();
    }

    @Test
    void saysWhatAServerLacks() throws Exception {
        Files.writeString(directory.resolve("server.py"), "from flask import Flask\napp = Flask('x')\n");
        assertThat(init()).contains("server.py has no /ping and no /version", "pym_endpoints.add_to(app)");
        assertThat(directory.resolve("pym_endpoints.py")).exists();
    }
}
