package io.jenkins.plugins.pymacaron.pipeline.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.config.ConfigReader;
import io.jenkins.plugins.pymacaron.config.Overrides;
import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.image.SourceTree;
import io.jenkins.plugins.pymacaron.pipeline.Lines;
import io.jenkins.plugins.pymacaron.pipeline.contract.RunRequest;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the choice of a commit in a real repository, the lines about it, and the findings in it. */
class SourceSelectorTest {
    private static final Processes PROCESSES = new Processes(SecretMask.NONE, line -> {});

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private Path project;

    @BeforeEach
    void make() throws Exception {
        project = Files.createDirectories(directory.resolve("project"));
        git("init", "--quiet", "--initial-branch=main");
        config("");
        commit();
    }

    private String git(String... arguments) throws Exception {
        return PROCESSES
                .query(Command.of(
                                "git",
                                "-c",
                                "user.name=a",
                                "-c",
                                "user.email=a@example.org",
                                "-c",
                                "commit.gpgsign=false")
                        .and(List.of(arguments))
                        .in(project))
                .orThrow("git")
                .output()
                .strip();
    }

    private void config(String more) throws Exception {
        Files.writeString(project.resolve("pym-config.yaml"), """
                name: hello
                deploy_target: docker
                docker_repo: e2e
                docker_base: base
                live_url: http://127.0.0.1:8090
                staging: {live_url: 'http://127.0.0.1:8091'}
                %s
                """.formatted(more));
    }

    private String commit() throws Exception {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "-m", "Change");
        return git("rev-parse", "HEAD");
    }

    private SourceSelector selector(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(RunRequest.of(project).toMap());
        all.putAll(options);
        return new SourceSelector(RunRequest.fromMap(project, Optional.empty(), all), new Lines(said));
    }

    private List<String> problemsOfPrePromote(String hook) throws Exception {
        config("pre_promote: " + hook);
        git("add", "pym-config.yaml");
        git("commit", "--quiet", "-m", "Hook");
        List<Problem> problems = new ArrayList<>();
        try (SourceTree source = SourceTree.ofWorkingCopy(PROCESSES, project)) {
            new CommittedFiles(source, problems)
                    .prePromote(ConfigReader.read(source.directory(), Overrides.NONE)
                            .live()
                            .get(0));
        }
        return problems.stream().map(Problem::toString).toList();
    }

    private Path script(String content, String mode) throws Exception {
        Path file = project.resolve("migrate.sh");
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    @Test
    void theHeadOfTheWorkingCopyIsTakenAndWhatIsNotCommittedIsNamed() throws Exception {
        String head = commit();
        for (int i = 1; i <= 7; i++) {
            Files.writeString(project.resolve("new" + i + ".py"), "");
        }
        SourceSelector selector = selector(Map.of());
        try (SourceTree source = selector.open(Optional.empty())) {
            selector.say(source);

            assertThat(source.commit()).isEqualTo(head);
            assertThat(source.directory().resolve("new1.py")).doesNotExist();
        }
        assertThat(said)
                .containsExactly(
                        "Commit " + head.substring(0, 6) + " of branch main, HEAD of the working copy",
                        "not committed, so not deployed: new1.py, new2.py, new3.py, new4.py, new5.py and 2 more");
    }

    @Test
    void aResumedRunIsOfItsOwnCommitOrNotAtAll() throws Exception {
        String before = commit();
        try (SourceTree source = selector(Map.of()).open(Optional.of(before))) {
            assertThat(source.commit()).isEqualTo(before);
        }
        commit();

        assertThatThrownBy(() -> selector(Map.of()).open(Optional.of(before)))
                .hasMessage("the run to resume was of commit " + before.substring(0, 6)
                        + ", but the working copy is at another one now; check that one out again to resume it");
    }

    @Test
    void aPushedBranchIsTakenFromOriginInEveryStateOfTheWorkingCopy() throws Exception {
        Path origin = directory.resolve("origin.git");
        git("clone", "--quiet", "--bare", project.toString(), origin.toString());
        git("remote", "add", "origin", origin.toString());
        String pushed = git("rev-parse", "HEAD");
        commit();

        SourceSelector selector = selector(Map.of("branch", "main"));
        try (SourceTree source = selector.open(Optional.empty())) {
            selector.say(source);
            assertThat(source.commit()).isEqualTo(pushed);
        }
        assertThat(said).containsExactly("Commit " + pushed.substring(0, 6) + " of branch main, as pushed");
    }

    @Test
    void aConfigurationThatIsNotCommittedIsNamed() throws Exception {
        Files.writeString(project.resolve("pym-config.qa.yaml"), "");
        List<Problem> problems = new ArrayList<>();
        try (SourceTree source = SourceTree.ofWorkingCopy(PROCESSES, project)) {
            CommittedFiles files = new CommittedFiles(source, problems);

            assertThat(files.hasConfiguration(Optional.empty())).isTrue();
            assertThat(files.hasConfiguration(Optional.of("prod")))
                    .as("that it is nowhere is said by the one who reads it")
                    .isTrue();
            assertThat(problems).isEmpty();
            assertThat(files.hasConfiguration(Optional.of("qa"))).isFalse();
        }
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("pym-config.qa.yaml", "not in the commit", "git add pym-config.qa.yaml");
    }

    @Test
    void aProgramOnThePathIsFine() throws Exception {
        assertThat(problemsOfPrePromote("[sh, -c, 'true']")).isEmpty();
    }

    @Test
    void aProgramThatIsNotOnThePathIsFoundBeforeAnyWork() throws Exception {
        assertThat(problemsOfPrePromote("[no-such-program]"))
                .singleElement()
                .asString()
                .contains("no-such-program was not found on PATH", "Install it, or correct PATH");
    }

    @Test
    void aFileOfTheProjectNeedsItsDirectory() throws Exception {
        script("#!/bin/sh\n", "rwxr-xr-x");
        commit();

        assertThat(problemsOfPrePromote("[migrate.sh]"))
                .singleElement()
                .asString()
                .contains("Write ./migrate.sh for the file of the project");
        assertThat(problemsOfPrePromote("[./migrate.sh]")).isEmpty();
    }

    @Test
    void aFileThatIsNotCommittedOrNotExecutableIsNamedWithTheCommand() throws Exception {
        script("#!/bin/sh\n", "rw-r--r--");
        assertThat(problemsOfPrePromote("[./migrate.sh]"))
                .singleElement()
                .asString()
                .contains("is not in the commit", "git add ./migrate.sh");
        commit();
        assertThat(problemsOfPrePromote("[./migrate.sh, now]"))
                .singleElement()
                .asString()
                .contains("is not executable in the commit", "git update-index --chmod=+x ./migrate.sh");
        assertThat(problemsOfPrePromote("[./nowhere.sh]"))
                .singleElement()
                .asString()
                .contains("./nowhere.sh is not there", "Correct the path");
    }

    @Test
    void anInterpreterThatIsNotThereIsNamed() throws Exception {
        script("#!/no/such/python\n", "rwxr-xr-x");
        commit();
        assertThat(problemsOfPrePromote("[./migrate.sh]"))
                .singleElement()
                .asString()
                .contains("asks for /no/such/python, which is not there");
        script("#!/usr/bin/env no-such-python\n", "rwxr-xr-x");
        commit();
        assertThat(problemsOfPrePromote("[./migrate.sh, again]"))
                .singleElement()
                .asString()
                .contains("asks for no-such-python, which was not found on PATH");
    }

    @Test
    void aScriptWithTheLineEndsOfWindowsIsNamed() throws Exception {
        script("#!/bin/sh\r\ntrue\r\n", "rwxr-xr-x");
        commit();

        assertThat(problemsOfPrePromote("[./migrate.sh]"))
                .singleElement()
                .asString()
                .contains("has the line ends of Windows", "migrate.sh text eol=lf");
    }

    @Test
    void aDirectoryIsNoProgram() throws Exception {
        Files.createDirectories(project.resolve("scripts"));
        Files.writeString(project.resolve("scripts/x"), "");
        commit();

        assertThat(problemsOfPrePromote("[./scripts]"))
                .singleElement()
                .asString()
                .contains("./scripts is a directory");
    }
}
