package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestedPythonTest {
    @TempDir
    Path project;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3.11.2|>=3.8|true",
                "3.11.2|>=3.8,<3.11|false",
                "3.11.2|>= 3.12|false",
                "3.11.2|==3.11.*|true",
                "3.11.2|==3.11|false",
                "3.11.0|==3.11|true",
                "3.11.2|!=3.11.*,>=3|false",
                "3.11.2|~=3.8|true",
                "3.11.2|~=3.8.1|false",
                "3.11.2|<3.9|false",
                "3.9.18|<3.10|true",
            })
    void comparesAsPep440Does(String version, String wanted, boolean satisfied) throws Exception {
        Files.writeString(project.resolve("pyproject.toml"), "[project]\nrequires-python = \"" + wanted + "\"\n");
        assertThat(RequestedPython.of(project, version))
                .containsExactly(new RequestedPython("pyproject.toml", wanted, satisfied));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3.11.2|^3.8|true",
                "3.11.2|^4.0|false",
                "3.11.2|~3.11|true",
                "3.11.2|~3.10|false",
                "3.11.2|3.11.*|true"
            })
    void readsPoetrysDependency(String version, String wanted, boolean satisfied) throws Exception {
        Files.writeString(
                project.resolve("pyproject.toml"),
                "[tool.poetry.dependencies]\npython = '" + wanted + "'\n[tool.black]\npython = '2.7'\n");
        assertThat(RequestedPython.of(project, version))
                .containsExactly(new RequestedPython("pyproject.toml", wanted, satisfied));
    }

    @ParameterizedTest
    @CsvSource({"3.11,true", "3.11.2,true", "3.1,false", "3.12,false", "python-3.11,true"})
    void readsPyenvsFile(String wanted, boolean satisfied) throws Exception {
        Files.writeString(project.resolve(".python-version"), "# for pyenv\nsystem\n" + wanted + "\n3.9\n");
        assertThat(RequestedPython.of(project, "3.11.2"))
                .isEqualTo(List.of(new RequestedPython(".python-version", wanted.replace("python-", ""), satisfied)));
    }

    @Test
    void unreadFilesAreNoRequest() throws Exception {
        Files.writeString(project.resolve(".python-version"), "my-virtualenv\n");
        Files.writeString(project.resolve("pyproject.toml"), "[project]\nrequires-python = \"whatever; x\"\n");
        assertThat(RequestedPython.of(project, "3.11.2")).isEmpty();
        assertThat(RequestedPython.of(project.resolve("none"), "3.11.2")).isEmpty();
    }
}
