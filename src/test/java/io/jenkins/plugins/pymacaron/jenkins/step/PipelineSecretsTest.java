package io.jenkins.plugins.pymacaron.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.pymacaron.cli.CleanEngine;
import io.jenkins.plugins.pymacaron.cli.Service;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Uses all kinds of credentials in a whole Pipeline, whose tests and service print them in every spelling. */
@WithJenkins
@ExtendWith(CleanEngine.class)
@EnabledIfEnvironmentVariable(named = "PYM_TEST_REGISTRY_AUTH", matches = ".+")
class PipelineSecretsTest {
    private static final String STRING = "p\"a'ss $HOME=w\u00f6rd \u20ac\nand a second line";
    private static final String FILE = "-----BEGIN KEY-----\nMIIB$x\"y'z=\u00fcnicode\n-----END KEY-----";
    private static final String USER = "us$er=\"name\"";
    private static final String PASSWORD = "pass'w\u00f6rd$1=\u20ac";
    private static final String REGISTRY_PASSWORD = System.getenv().getOrDefault("PYM_TEST_REGISTRY_PASSWORD", "");
    private static final List<String> NAMES = List.of("E2E_SECRET", "E2E_FILE", "E2E_LOGIN_USR", "E2E_LOGIN_PSW");

    private static final Set<String> PASSWORDS = spellings(STRING, FILE, PASSWORD, REGISTRY_PASSWORD);
    private static final Set<String> ALL = spellings(STRING, FILE, PASSWORD, REGISTRY_PASSWORD, USER);

    private static final String TELL = """
            import base64, json, os, shlex, sys, urllib.parse
            for name in sys.argv[1:]:
                value = os.environ[name]
                for text in (value, repr(value), json.dumps(value), shlex.quote(value), urllib.parse.quote(value, safe=''),
                             urllib.parse.quote_plus(value), base64.b64encode(value.encode()).decode(),
                             base64.urlsafe_b64encode(('user:' + value).encode()).decode()):
                    print(name, 'is', text, flush=True)
            """;

    private static JenkinsRule j;
    private static DumbSlave agent;

    @TempDir
    Path temporary;

    @BeforeAll
    static void jenkins(JenkinsRule rule) throws Exception {
        j = rule;
        agent = j.createOnlineSlave();
        Secrets.add(j, "string", STRING);
        var store = SystemCredentialsProvider.getInstance().getCredentials();
        store.add(new FileCredentialsImpl(
                CredentialsScope.GLOBAL,
                "file",
                "",
                "key.pem",
                SecretBytes.fromBytes(FILE.getBytes(StandardCharsets.UTF_8))));
        store.add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "login", "", USER, PASSWORD));
        store.add(new UsernamePasswordCredentialsImpl(
                CredentialsScope.GLOBAL, "registry", "", System.getenv("PYM_TEST_REGISTRY_USER"), REGISTRY_PASSWORD));
        SystemCredentialsProvider.getInstance().save();
    }

    @Test
    void theyAreWhereTheyAreNeededAndNowhereElse() throws Exception {
        Gate gate = new Gate(temporary.toRealPath());
        WorkflowRun run = Scripts.job(
                        j,
                        "secrets",
                        agent.getNodeName(),
                        service(),
                        gate.variables(Service.NAME + "-live"),
                        """
                        def usual = [secrets: [E2E_SECRET: 'string', E2E_FILE: 'file', E2E_LOGIN: 'login'],
                                     credentials: [docker: 'registry'], python: '%s']
                        pymTest(usual + [onFailure: 'unstable'])
                        pymBuild(usual)
                        pymAccept(usual)
                        pymPush(usual)
                        pymDeploy(usual)
                        pymAccept(usual)
                        pymPromote(usual)
                        pymAccept(usual)
                        """.formatted(System.getenv("PYM_TEST_PYTHON")))
                .scheduleBuild2(0)
                .waitForStart();
        gate.awaitUnlessEnded(run);
        assertHidden(run);
        gate.open();
        j.assertBuildStatus(Result.UNSTABLE, j.waitForCompletion(run));
        assertHidden(run);

        for (String name : NAMES) {
            j.assertLogContains(name + " is ****", run);
        }
        String answer = Service.ask(Service.LIVE, "/secret").replace("\"", "");
        assertThat(new String(Base64.getDecoder().decode(answer), StandardCharsets.UTF_8))
                .isEqualTo(STRING);
    }

    /** Returns a service that is pushed to a registry which requires a password. */
    private Service service() throws Exception {
        String tell = "python3 \"$(dirname \"$0\")/tell.py\" " + String.join(" ", NAMES);
        Service service = Service.in(temporary);
        String config = Files.readString(service.directory().resolve("pym-config.yaml"))
                .replace(System.getenv("PYM_TEST_REGISTRY") + "\n", System.getenv("PYM_TEST_REGISTRY_AUTH") + "\n")
                .replaceAll("env_secrets: .*", "env_secrets: " + NAMES);
        return service.write("pym-config.yaml", config)
                .write("test/tell.py", TELL)
                .write("testaccept/tell.py", TELL)
                .write(
                        "server.py",
                        Service.server("one") + "\n\nprint('it is', os.environ['E2E_SECRET'], flush=True)\n")
                .at("unit", tell + "; exit 1")
                .at("dev", tell)
                .at(Service.NAME + "-staging", tell)
                .at(Service.NAME + "-live", tell + "; exit 0")
                .commit("tells everybody");
    }

    private void assertHidden(WorkflowRun run) throws Exception {
        List<String> found = new ArrayList<>();
        for (Path root : List.of(
                j.jenkins.getRootDir().toPath(), run.getRootDir().toPath(), Path.of(agent.getRemoteFS()), temporary)) {
            Secrets.readAll(root, (file, content) -> {
                if (tells(content, isJenkinsOwn(file) ? PASSWORDS : ALL)) {
                    found.add(file.toString());
                }
            });
        }
        ProcessHandle.allProcesses().forEach(process -> {
            String argv = read(Path.of("/proc/" + process.pid() + "/cmdline"));
            if (tells(argv)) {
                found.add("process " + argv.replace('\0', ' '));
            }
        });
        for (var container : Service.containers()) {
            if (tells(container.labels().toString())
                    || tells(docker("history", "--no-trunc", container.origin().image()))
                    || tells(docker("image", "inspect", container.origin().image()))) {
                found.add(container.name());
            }
        }
        assertThat(found).isEmpty();
    }

    /**
     * Returns whether Jenkins keeps credentials and their uses there: with the names of users, which it does not treat
     * as secret.
     */
    private static boolean isJenkinsOwn(Path file) {
        return file.endsWith("credentials.xml") || file.toString().contains("/fingerprints/");
    }

    private static boolean tells(String bytes) {
        return tells(bytes, ALL);
    }

    private static boolean tells(String bytes, Set<String> spellings) {
        // Of this test alone, whose agent and Pipeline inherit it.
        String others = bytes.replaceAll("(?s)PYM_TEST_REGISTRY_PASSWORD.{1,3}" + Pattern.quote(REGISTRY_PASSWORD), "");
        return spellings.stream().anyMatch(others::contains);
    }

    /**
     * Returns each secret, and each longer line of it, in its possible forms in a file; as characters of one byte each.
     */
    private static Set<String> spellings(String... secrets) {
        Set<String> all = new LinkedHashSet<>();
        for (String secret : secrets) {
            Stream.concat(Stream.of(secret), secret.lines())
                    .filter(text -> text.length() > 8)
                    .forEach(text -> {
                        all.add(text);
                        all.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
                        all.add(URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
                        all.add(text.replace("'", "'\\''"));
                        all.add(text.replace("'", "'\"'\"'"));
                        all.add(text.replace("\"", "\\\"").replace("\n", "\\n"));
                        all.add(text.replace("&", "&amp;")
                                .replace("\"", "&quot;")
                                .replace("'", "&apos;"));
                    });
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            for (int before = 0; before < 3; before++) {
                byte[] shifted = new byte[before + bytes.length];
                System.arraycopy(bytes, 0, shifted, before, bytes.length);
                String base64 = Base64.getEncoder().encodeToString(shifted);
                all.add(base64.substring(4, base64.length() - 4));
            }
        }
        Set<String> narrow = new LinkedHashSet<>();
        all.forEach(text -> narrow.add(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        return narrow;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has gone just now, or is a process that has.
            return "";
        }
    }

    private static String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
