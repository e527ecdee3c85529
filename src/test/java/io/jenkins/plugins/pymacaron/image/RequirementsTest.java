package io.jenkins.plugins.pymacaron.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {
    @TempDir
    Path directory;

    private Requirements of(String text) throws Exception {
        Files.writeString(directory.resolve("requirements.txt"), text);
        return Requirements.of(directory);
    }

    @Test
    void includedFilesComeAlong() throws Exception {
        Files.createDirectories(directory.resolve("reqs"));
        Files.writeString(directory.resolve("reqs/base.txt"), "flask\n-c limits.txt # here\n-r ../requirements.txt\n");
        Files.writeString(directory.resolve("reqs/limits.txt"), "flask<3\n");
        Files.writeString(directory.resolve("more.txt"), "");

        Requirements requirements = of("-r reqs/base.txt\n--requirement=more.txt\n-rmore.txt\n");

        assertThat(requirements.files())
                .containsExactly("more.txt", "reqs/base.txt", "reqs/limits.txt", "requirements.txt");
        assertThat(requirements.selfContained()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flask",
                "flask>=2,<3 ; python_version > '3.8'",
                "pymacaron[async]==2.0.1  # ./not/a/path",
                "# -e .",
                "--index-url https://example.org/simple",
                "-e git+https://example.org/a.git@v1#egg=a",
                "a @ https://example.org/a.whl",
                "https://example.org/a-1.0.tar.gz",
                "-r https://example.org/more.txt"
            })
    void requirementsFromElsewhereNeedNoSource(String line) throws Exception {
        assertThat(of(line).selfContained()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-e git+https://example.org/a.git@v1#egg=a",
                "-egit+https://example.org/a.git",
                "--editable=git+https://example.org/a.git",
                "--edit ./lib",
                "--pre -e ."
            })
    void anEditableRequirementIsSeen(String line) throws Exception {
        assertThat(of("flask\n" + line).editable()).isTrue();
        assertThat(of("--extra-index-url https://example.org/simple\npytest-e>1 # -e .")
                        .editable())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "-e .",
                "--editable=./lib",
                "./wheels/a.whl",
                "libs/a",
                "../a",
                "/abs/a",
                "file:///a",
                "a @ file:///a",
                "-r missing.txt",
                "-r ../outside.txt"
            })
    void requirementsOfTheProjectItselfNeedTheSourceFirst(String line) throws Exception {
        assertThat(of(line).selfContained()).isFalse();
    }
}
