package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.TestCase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The runner that we ship, where unittest is more than passed and failed. */
@Timeout(20 * 60)
class UnittestRunnerTest {
    @TempDir
    Path directory;

    private Pythons python;

    @BeforeEach
    void project() {
        python = new Pythons(directory);
    }

    private AcceptanceReport run() throws Exception {
        return new PythonTestRunner(python.processes, python.unittest()).run(python.task(Map.of()));
    }

    private static List<String> lines(AcceptanceReport report) {
        return report.cases()
                .map(c -> c.status() + " " + c.className() + " " + c.name()
                        + (c.message().isEmpty() ? "" : ": " + c.message()))
                .sorted()
                .toList();
    }

    @Test
    void reportsSetupsOfClassesAndModules() throws Exception {
        python.file("testaccept/test_a.py", """
                import unittest
                class TestDown(unittest.TestCase):
                    @classmethod
                    def setUpClass(cls):
                        raise OSError('no route to host')
                    def test_never(self):
                        pass
                """);
        python.file("testaccept/test_b.py", """
                import unittest
                def setUpModule():
                    raise unittest.SkipTest('not here')
                class TestOther(unittest.TestCase):
                    def test_never(self):
                        pass
                """);
        assertThat(lines(run()))
                .containsExactly(
                        "ERROR test_a.TestDown setUpClass: OSError: no route to host",
                        "SKIPPED test_b setUpModule: not here");
    }

    @Test
    void reportsSubtestsExpectedFailuresAndExits() throws Exception {
        python.file("testaccept/test_a.py", """
                import sys, unittest
                class T(unittest.TestCase):
                    def test_sub(self):
                        for n in (1.5, 2.5):
                            with self.subTest(n=n):
                                self.assertLess(n, 2)
                    @unittest.expectedFailure
                    def test_known(self):
                        self.fail()
                    @unittest.expectedFailure
                    def test_mended(self):
                        pass
                    def test_exit(self):
                        sys.exit(3)
                    def test_control(self):
                        self.fail('bell \\x07 and \\ud800 end')
                """);
        AcceptanceReport report = run();
        assertThat(lines(report))
                .containsExactly(
                        "ERROR test_a.T test_exit: SystemExit: 3",
                        "FAILED test_a.T test_control: AssertionError: bell ? and ? end",
                        "FAILED test_a.T test_mended: passed, which was not expected",
                        "FAILED test_a.T test_sub (n=2.5): AssertionError: 2.5 not less than 2",
                        "SKIPPED test_a.T test_known: failed, as expected");
        assertThat(report.cases().map(TestCase::detail)).anyMatch(d -> d.contains("assertLess(n, 2)"));
    }

    @Test
    void importsPackagesAndFilesOfTheSameName() throws Exception {
        String test =
                "import unittest\n%sclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(%s)\n";
        python.file("testaccept/__init__.py", "");
        python.file("testaccept/helpers.py", "TEN = 10\n");
        python.file("testaccept/test_same.py", test.formatted("from . import helpers\n", "helpers.TEN, 10"));
        python.file("testaccept/loose/test_same.py", test.formatted("", "1, 1"));
        python.file("testaccept/loose/more/test_same.py", test.formatted("", "2, 2"));
        python.file("testaccept/.hidden/test_no.py", test.formatted("", "1, 2"));
        assertThat(lines(run()))
                .containsExactly(
                        "PASSED test_same.T test_a",
                        "PASSED test_same.T test_a",
                        "PASSED testaccept.test_same.T test_a");
    }

    @Test
    void aModuleThatExitsWhenImportedIsAnError() throws Exception {
        python.file("testaccept/test_a.py", "import sys\nsys.exit(0)\n");
        assertThat(lines(run())).containsExactly("ERROR collecting.test_a importing: SystemExit: 0");
    }
}
