package io.jenkins.plugins.pymacaron.pipeline.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.config.Problem;
import io.jenkins.plugins.pymacaron.targets.ServiceFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which files of a commit go to the platform itself. */
class PlatformFoldersTest {
    private static final Set<String> FOLDERS = Set.of(".ebextensions", ".platform");

    @TempDir
    private Path service;

    private final List<Problem> problems = new ArrayList<>();

    private ServiceFiles read() throws Exception {
        return new PlatformFolders(service, problems).read(FOLDERS);
    }

    private Path write(String name, String text) throws Exception {
        Path file = service.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, text);
    }

    @Test
    void allFilesOfTheFoldersAreTakenWithTheirModes() throws Exception {
        write(".ebextensions/a.config", "a: 1");
        assertThat(write(".platform/hooks/predeploy/x.sh", "#!").toFile().setExecutable(true))
                .isTrue();
        write("other.txt", "no");

        ServiceFiles files = read();

        assertThat(files.byPath()).containsOnlyKeys(".ebextensions/a.config", ".platform/hooks/predeploy/x.sh");
        assertThat(files.byPath().get(".platform/hooks/predeploy/x.sh").executable())
                .isTrue();
        assertThat(files.byPath().get(".ebextensions/a.config").text()).isEqualTo("a: 1");
        assertThat(problems).isEmpty();
        String hash = files.hash();
        assertThat(write(".ebextensions/a.config", "a: 1").toFile().setExecutable(true))
                .isTrue();
        assertThat(read().hash()).as("a mode is a difference").isNotEqualTo(hash);
    }

    @Test
    void aServiceWithoutThemHasNone() throws Exception {
        assertThat(read().isEmpty()).isTrue();
        assertThat(read().hash()).isEmpty();
    }

    @Test
    void aLinkIsRefusedWhereverItLeads() throws Exception {
        Path secret = Files.writeString(service.resolve("secret"), "of this machine");
        Files.createDirectories(service.resolve(".platform/hooks"));
        Files.createSymbolicLink(service.resolve(".platform/hooks/x"), secret);
        assertThat(read().isEmpty()).isTrue();
        assertThat(problems)
                .extracting(Problem::file, Problem::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        ".platform/hooks/x",
                        "it is a symbolic link, which cannot go into the bundle for the platform"));
        problems.clear();
        Files.delete(service.resolve(".platform/hooks/x"));
        Files.createSymbolicLink(service.resolve(".ebextensions"), service.resolve(".platform"));
        assertThat(read().isEmpty()).isTrue();
        assertThat(problems).extracting(Problem::file).containsExactly(".ebextensions");
    }

    @Test
    void aLinkToAFolderIsNotFollowed() throws Exception {
        write("elsewhere/a", "1");
        Files.createDirectories(service.resolve(".platform"));
        Files.createSymbolicLink(service.resolve(".platform/nginx"), service.resolve("elsewhere"));

        assertThat(read().isEmpty()).isTrue();
        assertThat(problems).extracting(Problem::file).containsExactly(".platform/nginx");
    }

    @Test
    void aNameThatATerminalWouldTakeForACommandIsRefused() throws Exception {
        write(".platform/x\u001b[2J", "");

        assertThat(read().isEmpty()).isTrue();
        assertThat(problems).extracting(Problem::file).containsExactly(".platform/x?[2J");
    }

    @Test
    void filesThatAreTooLargeOrTooManyAreRefused() throws Exception {
        write(".platform/big", "x".repeat(5 << 20));
        assertThat(read().isEmpty()).isTrue();
        Files.delete(service.resolve(".platform/big"));
        for (int i = 0; i < 501; i++) {
            write(".platform/f" + i, "");
        }
        assertThat(read().isEmpty()).isTrue();
        assertThat(problems)
                .extracting(Problem::message)
                .allMatch(m -> m.endsWith("cannot go into the bundle for the platform"))
                .hasSize(2);
    }
}
