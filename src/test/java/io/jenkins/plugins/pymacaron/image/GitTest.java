package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.image.SourceTree.Pushed;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20 * 60)
class GitTest {
    private final Processes processes = new Processes(SecretMask.NONE, line -> {});

    @TempDir
    Path directory;

    /** Returns a repository from elsewhere with a submodule that names a directory of this machine. */
    private Repository fromElsewhere(String url) throws Exception {
        Repository secret = Repository.init(directory.resolve("private"))
                .write("s", "private")
                .commit("private");
        Repository repository = Repository.service(directory.resolve("w"));
        repository.git("submodule", "--quiet", "add", secret.path().toString(), "lib");
        repository.commit("with submodule");
        repository.git("submodule", "--quiet", "deinit", "--force", "--all");
        repository.git("remote", "add", "origin", url);
        return repository;
    }

    @Test
    void submodulesOfARepositoryFromElsewhereNameNoDirectoryOfThisMachine() throws Exception {
        Repository repository = fromElsewhere("https://git.invalid/team/service.git");

        assertThatThrownBy(() -> SourceTree.ofWorkingCopy(processes, repository.path()))
                .hasMessageContaining("fetching the submodules failed")
                .hasMessageContaining("transport 'file' not allowed");
    }

    @Test
    void submodulesOfALocalRepositoryMay() throws Exception {
        Repository repository = fromElsewhere(directory.resolve("w").toString());

        try (SourceTree source = SourceTree.ofWorkingCopy(processes, repository.path())) {
            assertThat(source.directory().resolve("lib/s")).hasContent("private");
        }
        try (SourceTree source = SourceTree.ofPushed(
                processes, repository.path(), new Pushed(Optional.empty(), Optional.empty(), Optional.empty()))) {
            assertThat(source.directory().resolve("lib/s")).hasContent("private");
        }
    }

    @Test
    void configurationThatWasGivenToUsByTheEnvironmentStays() {
        Map<String, String> given = Map.of("GIT_CONFIG_COUNT", "2", "GIT_CONFIG_KEY_1", "safe.directory");

        Map<String, String> ours = Git.configured(given, Map.of(), "a.b", "c");
        assertThat(ours)
                .containsOnly(
                        Map.entry("GIT_CONFIG_COUNT", "3"),
                        Map.entry("GIT_CONFIG_KEY_2", "a.b"),
                        Map.entry("GIT_CONFIG_VALUE_2", "c"));
        assertThat(Git.configured(given, ours, "d.e", "f"))
                .containsEntry("GIT_CONFIG_COUNT", "4")
                .containsEntry("GIT_CONFIG_KEY_3", "d.e")
                .containsEntry("GIT_CONFIG_KEY_2", "a.b");
        assertThat(Git.configured(Map.of("GIT_CONFIG_COUNT", "no number"), Map.of(), "a.b", "c"))
                .containsEntry("GIT_CONFIG_COUNT", "1");
    }
}
