package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.accept.TestSurvey.Kind;
import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against real interpreters, and what the real pytest collects. */
@Timeout(20 * 60)
class TestSurveyTest {
    private static final String MIXED = """
            import unittest
            def test_one(): pass
            def x_test(): pass
            def make_test(a): pass
            def test_gen():
                for i in range(3):
                    yield print, i
            def setup(): pass
            class Base(unittest.TestCase):
                pass
            class TestPlain:
                def setup(self): pass
                def test_m(self): pass
                def my_test(self): pass
            class TestCases(Base):
                def test_c(self): pass
                def a_test(self): pass
                def setup(self): pass
            class TestMade:
                def __init__(self): pass
                def test_z(self): pass
            class TestNot:
                __test__ = False
                def test_n(self): pass
            """;

    @TempDir
    Path directory;

    private Pythons python;

    @BeforeEach
    void project() {
        python = new Pythons(directory);
    }

    private Set<String> findings(PythonInterpreter interpreter) throws IOException, InterruptedException {
        return new TestSurvey(python.processes, interpreter)
                .of(directory, List.of(directory.resolve("testaccept"))).stream()
                        .map(f -> f.kind() + " " + f.file().replace("testaccept/", "") + " "
                                + String.join(" ", f.names()))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private PythonInterpreter pytest(String version) throws IOException, InterruptedException {
        PythonInterpreter real = python.unittest();
        return new PythonInterpreter(real.program(), real.version(), Optional.of(version));
    }

    @Test
    void namesWhatNoseRanAndPytestDoesNot() throws Exception {
        python.file("testaccept/test_mixed.py", MIXED);
        python.file("testaccept/__init__.py", "def setup_package(): pass\n");
        python.file("testaccept/deep/greeting_tests.py", "def test_hello(): pass\n");
        python.file("testaccept/helpers_of_test.txt", "no Python");
        python.file("testaccept/test_tools.py", "def load(): pass\n");
        python.file("testaccept/testdata.py", "X = 1\n");
        python.file("testaccept/test_broken.py", "def test_(:\n");
        python.file("testaccept/test_huge.py", "#".repeat(2 << 20) + "\ndef x_test(): pass\n");
        assertThat(findings(pytest("8.0.0")))
                .containsExactlyInAnyOrder(
                        "HABIT test_mixed.py x_test TestPlain.my_test TestCases.a_test TestMade.test_z",
                        "GENERATOR test_mixed.py test_gen",
                        "SETUP test_mixed.py setup TestPlain.setup",
                        "SETUP __init__.py setup_package",
                        "FILE deep/greeting_tests.py greeting_tests.py");
        assertThat(findings(pytest("7.4.4")))
                .as("pytest 7 calls setup, as nose did")
                .noneMatch(f -> f.startsWith("SETUP test_mixed.py"));
    }

    @Test
    void theProjectsOwnNamesForTestsAreNoHabit() throws Exception {
        python.file("testaccept/greeting_tests.py", "def x_test(): pass\n");
        python.file("pytest.ini", "[pytest]\npython_files = *_tests.py\npython_functions = test *_test\n");
        assertThat(findings(pytest("8.0.0"))).isEmpty();
    }

    /** The witness is pytest itself, which lists what it collects. */
    @Test
    void namesExactlyWhatPytestCollectsAndUnittestDoesNot() throws Exception {
        PythonInterpreter real = python.pytest();
        python.file("testaccept/test_mixed.py", MIXED.replace("yield print, i", "pass"));
        python.file("testaccept/other_test.py", "class TestO:\n    def test_o(self): pass\n");
        ProcessResult listed = python.processes.query(Command.of(
                        real.program(), "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "testaccept")
                .in(directory)
                .with("PYTHONDONTWRITEBYTECODE", "1"));
        Set<String> collected = listed.output()
                .lines()
                .filter(line -> line.contains("::") && !line.contains("TestCases::"))
                .map(line ->
                        line.replace("testaccept/", "").replaceFirst("::", " ").replace("::", "."))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = new TestSurvey(python.processes, python.unittest())
                .of(directory, List.of(directory.resolve("testaccept"))).stream()
                        .filter(f -> f.kind() == Kind.UNRUN)
                        .flatMap(f -> f.names().stream().map(n -> f.file().replace("testaccept/", "") + " " + n))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(collected).hasSize(4);
        assertThat(named).isEqualTo(collected);
    }
}
