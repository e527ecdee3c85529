package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20 * 60)
class PythonInterpreterTest {
    private final Processes processes = new Processes(SecretMask.NONE, line -> {});

    @TempDir
    Path project;

    private PythonInterpreter find(Path chosen) throws IOException, InterruptedException {
        return PythonInterpreter.find(processes, Optional.ofNullable(chosen), project, project);
    }

    /** Returns a program that answers with this. */
    private Path script(String name, String body) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void takesTheOneOnPath() throws Exception {
        PythonInterpreter found = find(null);
        assertThat(found.program()).isEqualTo("python3");
        assertThat(found.version()).matches("3\\.[0-9]+\\.[0-9]+");
    }

    @Test
    void prefersTheVirtualenvAndMoreSoTheChosenOne() throws Exception {
        Path venv = script(".venv/bin/python", "echo noise; echo 'pym-python 3.9.1 8.3.2'");
        assertThat(find(null)).isEqualTo(new PythonInterpreter(venv.toString(), "3.9.1", Optional.of("8.3.2")));
        Path chosen = script("other", "echo 'pym-python 3.12.0 '");
        assertThat(find(chosen)).isEqualTo(new PythonInterpreter(chosen.toString(), "3.12.0", Optional.empty()));
        assertThat(find(chosen)).hasToString(chosen + " (Python 3.12.0, unittest, for want of pytest)");
    }

    @Test
    void saysHowAcceptanceTestsAreShared() throws Exception {
        PythonInterpreter found = find(script("has", "echo 'pym-python 3.9.1 8.3.2 3.1.0'"));
        assertThat(found.xdist()).contains("3.1.0");
        assertThat(found.sharing(1)).isEmpty();
        assertThat(found.sharing(4)).isEqualTo(", acceptance tests in 4 processes, by pytest-xdist 3.1.0");
        assertThat(found.running("unittest").sharing(4))
                .isEqualTo(", acceptance tests in 4 processes, each with its share of the files");
        PythonInterpreter lacks = find(script("lacks", "echo 'pym-python 3.9.1 8.3.2 '"));
        assertThat(lacks.sharing(2)).isEqualTo(", acceptance tests in 2 processes, each with its share of the files");
    }

    /** Python looks for modules where it runs, and the answer is asked where the tests will run. */
    @Test
    void noFileOfTheProjectIsTakenForPytest() throws Exception {
        Files.writeString(project.resolve("pytest.py"), "__version__ = '99.0.0'\n");
        assertThat(find(null).pytest()).isNotEqualTo(Optional.of("99.0.0"));
        Path chosen = script("other", "pwd > '" + project + "/seen'; echo 'pym-python 3.9.1 '");
        Path relative = Path.of("").toAbsolutePath().relativize(chosen);
        assertThat(find(relative).program())
                .isEqualTo(Path.of("").toAbsolutePath().resolve(relative).toString());
        assertThat(project.resolve("seen")).hasContent(project.toRealPath().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo hello|it is no Python",
                "echo 'pym-python 2.7.18 '|it is Python 2.7.18, and 3.8 or newer is needed",
                "echo 'pym-python 3.7.9 '|it is Python 3.7.9, and 3.8 or newer is needed",
                "echo no libpython >&2; exit 4|exited with 4: no libpython",
            })
    void saysWhyAProgramWillNotDo(String body, String why) throws Exception {
        Path chosen = script("bad", body);
        assertThatThrownBy(() -> find(chosen))
                .isInstanceOf(IOException.class)
                .message()
                .startsWith(chosen + " cannot run the tests")
                .endsWith(why)
                .doesNotContain("\n");
    }

    @Test
    void namesAPythonThatIsNotThere() throws Exception {
        Path missing = project.resolve("missing");
        assertThatThrownBy(() -> find(missing)).hasMessageContaining(missing.toString());
        // A virtualenv whose Python was removed is not passed over in silence.
        Path venv = project.resolve(".venv/bin/python");
        Files.createDirectories(venv.getParent());
        Files.createSymbolicLink(venv, missing);
        assertThatThrownBy(() -> find(null)).hasMessageContaining(venv.toString());
    }

    @Test
    void namesWhatTheSystemCannotStart() throws Exception {
        Path binary = Files.write(project.resolve("foreign"), new byte[] {0x7f, 'E', 'L', 'F', 9, 9, 9, 9});
        assertThat(binary.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> find(binary)).isInstanceOf(IOException.class).hasMessageContaining(binary.toString());
    }
}
