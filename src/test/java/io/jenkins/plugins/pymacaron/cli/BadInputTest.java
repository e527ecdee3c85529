package io.jenkins.plugins.pymacaron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.docker.NeedsEngine;
import io.jenkins.plugins.pymacaron.docker.RealDocker;
import io.jenkins.plugins.pymacaron.report.RunOutcome;
import io.jenkins.plugins.pymacaron.report.RunSummary;
import io.jenkins.plugins.pymacaron.report.StageState;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users' mistakes and broken surroundings: one clear line each, the documented exit code, nothing left behind. */
@Timeout(20 * 60)
@ExtendWith(CleanEngine.class)
@NeedsEngine
class BadInputTest {
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

    private void refused(String line, String... arguments) {
        expect(service.run(arguments), 3, line);
    }

    private static void expect(Service.Ended ended, int code, String line) {
        assertThat(ended.code()).as(ended.output()).isEqualTo(code);
        assertThat(ended.output()).contains(line).doesNotContain("\tat io.jenkins", "Exception");
        assertThat(ended.output()).doesNotContain("== Build image").doesNotContain("..\n", ".. ");
    }

    private void config(String text) throws Exception {
        service.write("pym-config.yaml", text).commit("configuration");
    }

    @Test
    void noRepositoryAndNoCommit() throws Exception {
        Path directory = Files.createDirectories(temporary.toRealPath().resolve("nothing"));
        Service.Ended ended = service.runIn(directory, "--plan");
        assertThat(ended.code()).isEqualTo(3);
        ended = service.runIn(directory);
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.output().lines()).hasSize(1).first().asString().contains("is not in a git repository");
        assertThat(directory).isEmptyDirectory();

        Files.writeString(directory.resolve("pym-config.yaml"), Service.config());
        new ProcessBuilder("git", "init", "--quiet", directory.toString())
                .start()
                .waitFor();
        ended = service.runIn(directory);

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.output()).contains("has no commit yet. Commit what to deploy.");
    }

    @Test
    void configurations() throws Exception {
        service.git("rm", "--quiet", "pym-config.yaml");
        service.commit("none");
        refused("there is no pym-config.yaml in");
        assertThat(service.directory().resolve(".pym")).doesNotExist();

        config("");
        refused("pym-config.yaml");
        config("name: \0\1\2\n");
        refused("pym-config.yaml");
        config("name: x\n# " + "x".repeat(3 << 20));
        refused("pym-config.yaml");
        config("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n");
        refused("pym-config.yaml");
        config(Service.config() + "with_async: [perhaps]\ntimeouts:\n  live: soon\n");
        refused("with_async");
        refused("live must be a time such as");
        config(Service.config().replace("deploy_target: docker", "deploy_target: dokcer"));
        refused("dokcer");
        config(Service.config() + "retentoin: {}\n");
        assertThat(service.run("--plan").output()).contains("retention");
        refused("pym-config.green.yaml", "--env", "green");
    }

    @Test
    void mistakesThatAreKnownBeforeAnyWork() throws Exception {
        config(Service.config());
        service.with("PYM_GCP_KEY", "no key");
        refused("PYM_GCP_KEY is not the JSON key of a service account", "--target", "gke");
        refused("Name one by --python, or use --no-test.", "--python", "/no/python");
        service.environment().remove(Service.SECRET);
        refused("env_secrets names " + Service.SECRET + ", but there is no such environment variable", "--no-push");
        service.with(Service.SECRET, "x");
        try (ServerSocket taken = new ServerSocket(Service.LIVE, 1, InetAddress.getLoopbackAddress())) {
            refused(
                    "port " + Service.LIVE + " of http://127.0.0.1:" + Service.LIVE + " is taken by something",
                    "--no-push");
        }
        config(Service.config().replace(RealDocker.variable("PYM_TEST_REGISTRY"), "127.0.0.1:1"));
        refused("Start or correct the registry, log in to it, or keep the image here by --no-push.");
        config(Service.config()
                .replace(RealDocker.variable("PYM_TEST_REGISTRY"), RealDocker.variable("PYM_TEST_REGISTRY_AUTH")));
        service.with("PYM_REGISTRY_USER", "pym").with("PYM_REGISTRY_PASSWORD", "quite wrong");
        refused("refuses the login of pym");
        assertThat(service.run().output()).doesNotContain("quite wrong");
        refused("nothing is live in docker/" + Service.NAME + "/live, so there is nothing to roll back", "--rollback");
    }

    @Test
    void eachProblemIsSaidOnce() throws Exception {
        config(Service.config() + "retentoin: {}\n");
        service.environment().remove(Service.SECRET);

        Service.Ended ended = service.run("--python", "/no/python");

        assertThat(ended.code()).isEqualTo(3);
        for (String problem : List.of("env_secrets names " + Service.SECRET, "retentoin", "Name one by --python")) {
            assertThat(ended.output()).containsOnlyOnce(problem);
        }
        assertThat(ended.output()).contains("Not started: nothing was built or deployed");
        RunSummary summary = service.summary();
        assertThat(summary.message())
                .contains("env_secrets names " + Service.SECRET, "(and 2 more)")
                .doesNotContain("\n");
        assertThat(summary.stages().get(0).message()).contains("retentoin", "/no/python");
    }

    /**
     * No image of it exists: this is known before any work, and stages that were not reached do not seem to be still to
     * come.
     */
    @Test
    void aVersionThatDoesNotExist() throws Exception {
        Service.Ended ended = service.run("--deploy", "1-2-3");

        expect(ended, 3, "version 1-2-3: error: there is no image ");
        assertThat(ended.output()).containsOnlyOnce("1-2-3, neither here nor in its registry");
        RunSummary summary = service.summary();
        assertThat(summary.outcome()).isEqualTo(RunOutcome.CONFIG_INVALID);
        assertThat(summary.message()).contains("there is no image").doesNotContain("\n");
        assertThat(summary.stages().get(0).state()).isEqualTo(StageState.FAILED);
        assertThat(summary.stages().subList(1, summary.stages().size())).allSatisfy(stage -> {
            assertThat(stage.state()).isEqualTo(StageState.SKIPPED);
            assertThat(stage.message()).isEqualTo("not reached");
        });
        assertThat(service.lastRun().resolve("report/report.html"))
                .content()
                .contains("there is no image", "not reached")
                .doesNotContain("waiting");
        expect(service.run("--plan", "--deploy", "1-2-3"), 3, "version 1-2-3: error: there is no image ");
    }

    @ParameterizedTest
    @CsvSource({
        "--no-pusch, --no-push",
        "--tarqet=docker, --target",
        "--target=heroku, is not one of docker",
        "--timeout=lvie=3s, is not a stage",
        "--timeout=live=soon, is not a duration",
        "--timeout=live, live",
        "'--deploy=1 --resume', Choose one of",
        "'--plan --cleanup', --plan goes with",
        "'--deploy=1 --force-build', an image that exists",
        "surplus, surplus",
    })
    void wrongOptions(String arguments, String line) {
        Service.Ended ended = service.run(arguments.split(" "));

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains(line);
        assertThat(ended.output().lines()).hasSizeLessThan(5);
        assertThat(service.directory().resolve(".pym")).doesNotExist();
    }

    /** The preflight's findings are reported before any work, and such a run does not count as interrupted. */
    @Test
    void partsThatAreNotReadyForLaterStages() throws Exception {
        service.write("pym-config.test.yaml", Service.config());
        refused("pym-config.test.yaml: error: the file is in the directory, but not in the commit ", "--env", "test");

        config(Service.config() + "\npre_promote: []\n");
        refused("pre_promote names no program. Give a program and its arguments");
        config(Service.config());
        service.with("PYM_RECORD", temporary.resolve("calls").toString());
        refused("parameters: error: record (PYM_RECORD) has no effect on Docker, only on ");
        service.with("PYM_RECORD", "");
        config(Service.config() + "\npre_promote: [./migrate.sh]\n");
        refused("pre_promote: error: ./migrate.sh is not there.");
        service.write("migrate.sh", "#!/bin/sh\n");
        refused("pre_promote: error: ./migrate.sh is not in the commit ", "--plan");
        service.commit("migration");
        refused("pre_promote: error: ./migrate.sh is not executable in the commit. Make it so: git update-index");
        config(Service.config() + "\npre_promote: [./test]\n");
        refused("pre_promote: error: ./test is a directory. Give the program first", "--plan");
        service.write("windows.sh", "#!/bin/sh\r\nexit 0\r\n").write("nothing.sh", "#!/no/such/interpreter -x\n");
        for (String script : List.of("windows.sh", "nothing.sh")) {
            Files.setPosixFilePermissions(
                    service.directory().resolve(script), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        config(Service.config() + "\npre_promote: [./windows.sh]\n");
        refused("pre_promote: error: ./windows.sh has the line ends of Windows", "--plan");
        config(Service.config() + "\npre_promote: [./nothing.sh]\n");
        refused("pre_promote: error: ./nothing.sh asks for /no/such/interpreter, which is not there.", "--plan");
        config(Service.config() + "\npre_promote: [no-such-program, x]\n");
        refused("pre_promote: error: no-such-program was not found on PATH. Install it, or correct PATH.");

        Path file = Files.writeString(temporary.resolve("file"), "");
        config(Service.config());
        expect(service.run("--report", file + "/report"), 3, "--report " + file + "/report cannot be written: ");
        expect(service.run("--resume"), 9, "There is nothing to resume: no run was cut off.");
        assertThat(service.run("--plan").output()).doesNotContain("cut off");
    }

    @Test
    void testsThatNoRunnerWouldRun() throws Exception {
        service.write("testaccept/x_tests.py", "def test_a(): pass\n").commit("tests");
        assertThat(service.run("--plan").output())
                .containsPattern("Tests run with .*python3? \\(Python 3[0-9.]+, pytest ")
                .contains("testaccept/x_tests.py: warning: pytest does not read this file, which nose did.");
        config(Service.config("runner: unittest"));
        assertThat(service.run("--plan").output()).contains(", unittest, as accept.runner asks)");
    }

    /** These are the states in which docker is not installed, is not running, and is not for every user. */
    @Test
    void noEngine() throws Exception {
        Path bin = Files.createDirectories(temporary.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("git"), Service.onPath("git"));
        Files.createSymbolicLink(bin.resolve("env"), Service.onPath("env"));
        service.with("PATH", bin.toString());
        expect(service.runChild(), 3, "docker: error: ");

        service.with("PATH", System.getenv("PATH")).with("DOCKER_HOST", "unix:///no/socket");
        expect(service.runChild(), 3, "/no/socket");

        Path fake = Files.createDirectories(temporary.resolve("fake"));
        Path docker = Files.writeString(
                fake.resolve("docker"),
                "#!/bin/sh\necho 'permission denied while trying to connect to the Docker daemon socket at"
                        + " unix:///var/run/docker.sock' >&2\nexit 1\n");
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
        service.with("PATH", fake + ":" + System.getenv("PATH"));
        expect(
                service.runChild(),
                3,
                "docker: error: this user may not use the Docker engine. Add it to the group docker");
    }

    @Test
    void aReportThatCannotBeWritten() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "");

        expect(service.run("--report", file.toString()), 3, file + " cannot be used: it is not a directory");
    }
}
