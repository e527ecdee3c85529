package io.jenkins.plugins.pymacaron.image.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares a Python with a base image. The programs answer as such a Python would. */
class AgentPythonTest {
    /** There is no such version, so that a real Python of this machine never agrees. */
    private static final BaseFacts BASE = new BaseFacts("3.99", true, "glibc 2.36", false, "", Map.of());

    private final Processes processes = new Processes(SecretMask.NONE, line -> {});

    @TempDir
    Path temporary;

    private Path answering(String line) throws IOException {
        Path program = Files.writeString(temporary.resolve("python"), "#!/bin/sh\necho 'pym-python|" + line + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private AgentPython matching(String line, BaseFacts facts, String platform) throws Exception {
        return AgentPython.matching(processes, Optional.of(answering(line)), facts, "base:1", platform);
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64, 3.99|cpython|x86_64|glibc 2.36|/usr/bin/python3",
        "linux/amd64, 3.99|cpython|x86_64|glibc 2.9|/usr/bin/python3",
        "linux/arm64, 3.99|cpython|aarch64|glibc 2.31|/usr/bin/python3",
        "linux/386, 3.99|cpython|i686|glibc 2.31|/usr/bin/python3"
    })
    void aPythonThatAgreesIsTaken(String platform, String answer) throws Exception {
        assertThat(matching(answer, BASE, platform)).isEqualTo(new AgentPython(Path.of("/usr/bin/python3"), "3.99"));
    }

    /** A module of the repository, such as platform.py, would answer for a Python that looks there first. */
    @Test
    void theQuestionIsAskedApartFromTheRepository() throws Exception {
        String other = answering("9").toString();
        Path strict = Files.writeString(
                temporary.resolve("strict"),
                "#!/bin/sh\n[ \"$1\" = -I ] && [ -z \"$(ls -A)\" ] || exec " + other
                        + "\necho 'pym-python|3.99|cpython|x86_64|glibc 2.36|/p'\n");
        assertThat(strict.toFile().setExecutable(true)).isTrue();

        assertThat(AgentPython.matching(processes, Optional.of(strict), BASE, "base:1", "linux/amd64")
                        .program())
                .isEqualTo(Path.of("/p"));
    }

    /** The last differing one is named; a real python3 may come after the program of the test. */
    @ParameterizedTest
    @CsvSource({
        "3.98|cpython|x86_64|glibc 2.36|/p",
        "3.99|pypy|x86_64|glibc 2.36|/p",
        "3.99|cpythont|x86_64|glibc 2.36|/p",
        "3.99|cpython|aarch64|glibc 2.36|/p",
        "3.99|cpython|i686|glibc 2.36|/p",
        "3.99|cpython|x86_64|glibc 2.37|/p",
        "3.99|cpython|x86_64|glibc 3.0|/p",
        "3.99|cpython|x86_64||/p",
        "nonsense"
    })
    void aPythonThatDiffersIsRefusedInOneLine(String answer) {
        assertThatThrownBy(() -> matching(answer, BASE, "linux/amd64"))
                .isInstanceOf(AgentPython.MismatchException.class)
                .hasMessageStartingWith("the base image base:1 has Python 3.99 and glibc 2.36 for linux/amd64, and this"
                        + " machine has ")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aBaseWithoutGlibcIsRefused() {
        BaseFacts musl = new BaseFacts("3.99", true, "musl", false, "", Map.of());

        assertThatThrownBy(() -> matching("3.99|cpython|x86_64|glibc 2.36|/p", musl, "linux/amd64"))
                .hasMessage("the base image base:1 has musl, and builder: layers needs glibc");
    }

    @Test
    void theRealPythonAnswersTheQuestion() throws Exception {
        Path real = Path.of(System.getenv().getOrDefault("PYM_TEST_PYTHON", "/usr/bin/python3"));
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(real));

        assertThatThrownBy(() -> AgentPython.matching(processes, Optional.of(real), BASE, "base:1", "linux/amd64"))
                .message()
                .matches(".*and this machine has Python 3\\.\\d+ \\(python3?\\)");
    }
}
