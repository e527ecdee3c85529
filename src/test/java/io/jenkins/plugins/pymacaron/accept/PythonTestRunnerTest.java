package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.Counts;
import io.jenkins.plugins.pymacaron.report.JUnitXml;
import io.jenkins.plugins.pymacaron.report.TestCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real interpreters and real tests, good ones and bad ones. */
@Timeout(20 * 60)
class PythonTestRunnerTest {
    @TempDir
    Path directory;

    private Pythons python;

    /** Everything holds for both. */
    enum Runner {
        PYTEST,
        UNITTEST;

        PythonTestRunner with(Pythons python) throws IOException, InterruptedException {
            return new PythonTestRunner(python.processes, this == PYTEST ? python.pytest() : python.unittest());
        }
    }

    @BeforeEach
    void project() {
        python = new Pythons(directory);
    }

    private AcceptanceReport run(Runner runner, Map<String, String> environment)
            throws IOException, InterruptedException {
        AcceptanceReport report = runner.with(python).run(python.task(environment));
        JUnitXml.write(directory.resolve("report.xml"), report);
        return report;
    }

    private void assertNotRun(Runner runner, String why) {
        assertThatThrownBy(() -> run(runner, Map.of()))
                .isInstanceOf(TestsNotRunException.class)
                .message()
                .contains(why)
                .doesNotContain("\n");
        assertThat(directory.resolve("report.xml")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void reportsWhatPassedFailedAndWasSkipped(Runner runner) throws Exception {
        python.file("helper.py", "NAME = 'from the checkout'\n");
        python.file("testaccept/test_service.py", """
                import os, unittest
                import helper

                class TestService(unittest.TestCase):
                    def test_environment(self):
                        self.assertEqual(os.environ['PYM_SERVER_HOST'], '127.0.0.1')
                        self.assertEqual(helper.NAME, 'from the checkout')
                        self.assertNotIn('PYM_JWT_TOKEN', os.environ)

                    def test_wrong(self):
                        self.assertEqual(1, 2)

                    @unittest.skip('not today')
                    def test_later(self):
                        pass
                """);
        AcceptanceReport report = run(runner, Map.of("PYM_SERVER_HOST", "127.0.0.1"));
        assertThat(report.counts()).isEqualTo(new Counts(1, 1, 0, 1));
        assertThat(report.cases()).allMatch(c -> c.className().endsWith("test_service.TestService"));
        TestCase wrong = report.cases()
                .filter(c -> c.status() == CaseStatus.FAILED)
                .findFirst()
                .orElseThrow();
        assertThat(wrong.name()).isEqualTo("test_wrong");
        assertThat(wrong.message()).contains("1 != 2");
        assertThat(wrong.detail()).contains("test_service.py").contains("self.assertEqual(1, 2)");
        assertThat(JUnitXml.parse(directory.resolve("report.xml"))).isEqualTo(report);
        assertThat(python.log).anyMatch(line -> line.contains("test_wrong"));
    }

    @ParameterizedTest
    @EnumSource
    void logsFailingCasesWholeAndCountsThoseThatPassed(Runner runner) throws Exception {
        StringBuilder tests = new StringBuilder("import unittest\n\nclass TestMany(unittest.TestCase):\n");
        for (int i = 0; i < 60; i++) {
            tests.append("    def test_fine_").append(i).append("(self):\n        pass\n");
        }
        python.file(
                "testaccept/test_many.py",
                tests + "    def test_wrong(self):\n        self.assertEqual('this', 'is wrong')\n");
        run(runner, Map.of());
        assertThat(python.log).hasSizeLessThan(40);
        assertThat(python.log).noneMatch(line -> line.contains("test_fine_"));
        assertThat(python.log)
                .anyMatch(line -> line.contains("test_wrong"))
                .anyMatch(line -> line.contains("self.assertEqual('this', 'is wrong')"))
                .anyMatch(line -> line.contains("AssertionError: 'this' != 'is wrong'"))
                .anyMatch(line -> line.contains(runner == Runner.PYTEST ? "60 passed" : "Ran 61 tests"));
    }

    /** A project may have pytest name every case. */
    @ParameterizedTest
    @ValueSource(strings = {"-v", "-vv", "-rA", "-v -rA", "-vrp", "-v -o console_output_style=count"})
    void logsNoCaseThatPassedUnderAnyOptionsOfAProject(String options) throws Exception {
        python.file("pytest.ini", "[pytest]\naddopts = " + options + "\n");
        python.file("testaccept/test_many.py", """
                import pytest

                @pytest.mark.parametrize('case', ['a b', 'c'])
                def test_fine(case):
                    pass

                def test_wrong():
                    assert 'this' == 'is wrong'
                """);
        AcceptanceReport report = run(Runner.PYTEST, Map.of());
        assertThat(report.counts()).isEqualTo(new Counts(2, 1, 0, 0));
        assertThat(python.log)
                .noneMatch(line -> line.contains("test_fine"))
                .noneMatch(line -> line.contains("report.xml"))
                .anyMatch(line -> line.contains("assert 'this' == 'is wrong'"))
                .anyMatch(line -> line.contains("1 failed, 2 passed"));
    }

    /** Returns the path at which a reader finds the file, instead of the one in the checkout. */
    @ParameterizedTest
    @EnumSource
    void namesFilesOfTheCheckoutByTheirPlaceInTheRepository(Runner runner) throws Exception {
        Path source = directory.resolve("pymacaron-source123/source/service");
        Path file = source.resolve("testaccept/test_path.py");
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, """
                import unittest

                class TestPath(unittest.TestCase):
                    def test_path(self):
                        self.fail('see ' + __file__)
                """);
        AcceptanceReport report = runner.with(python)
                .run(new PythonTestRunner.Task(
                        source, List.of(source.resolve("testaccept")), Map.of(), Set.of(), Duration.ofMinutes(5), 1));
        TestCase wrong = report.cases().findFirst().orElseThrow();
        assertThat(wrong.message()).contains("see service/testaccept/test_path.py");
        assertThat(wrong.message() + wrong.detail() + report).doesNotContain("pymacaron-source");
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingInTheCheckout(Runner runner) throws Exception {
        python.file(
                "testaccept/test_a.py", "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n");
        run(runner, Map.of());
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(f -> directory.relativize(f).toString()))
                    .containsExactlyInAnyOrder("testaccept/test_a.py", "report.xml");
        }
    }

    @ParameterizedTest
    @EnumSource
    void masksSecretsInLogAndReport(Runner runner) throws Exception {
        python.file("testaccept/test_secret.py", """
                import os, unittest
                class TestSecret(unittest.TestCase):
                    def test_tells(self):
                        print('printed', os.environ['PASSWORD'])
                        # The secret lies across the end of what is kept.
                        self.fail('x' * int(os.environ['BEFORE']) + os.environ['PASSWORD'] + 'y' * 60000)
                """);
        // 16 KiB from the start of the trace, give or take what stands before the message.
        for (int before = 16_384 - 400; before < 16_384; before += 200) {
            AcceptanceReport report =
                    run(runner, Map.of("PASSWORD", Pythons.SECRET, "BEFORE", Integer.toString(before)));
            String everything = report + Files.readString(directory.resolve("report.xml")) + python.log;
            assertThat(everything).doesNotContain("hunter", "&lt;co").contains("****");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatCannotBeImportedIsAnErrorAndHidesNoOther(Runner runner) throws Exception {
        python.file("testaccept/test_bad.py", "import no_such_module\n");
        python.file("testaccept/test_worse.py", "def broken(:\n");
        python.file(
                "testaccept/test_ok.py", "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n");
        AcceptanceReport report = run(runner, Map.of());
        assertThat(report.counts().errors()).isEqualTo(2);
        assertThat(report.cases().map(TestCase::detail))
                .anyMatch(d -> d.contains("no_such_module"))
                .anyMatch(d -> d.contains("SyntaxError"));
    }

    @ParameterizedTest
    @EnumSource
    void noTestsIsAFailureThatSaysSo(Runner runner) throws Exception {
        python.file("testaccept/notes.txt", "none yet");
        assertNotRun(runner, "there are no tests in testaccept/");
    }

    @ParameterizedTest
    @EnumSource
    void aCrashLeavesNoReport(Runner runner) throws Exception {
        python.file(
                "testaccept/test_crash.py",
                "import os, unittest\nclass T(unittest.TestCase):\n    def test_a(self): os._exit(0)\n");
        assertNotRun(runner, "the tests crashed and left no report");
    }

    @ParameterizedTest
    @EnumSource
    void aHangIsEndedWithAllItStarted(Runner runner) throws Exception {
        Path pid = directory.resolve("pid");
        python.file("testaccept/test_hang.py", """
                import os, subprocess, time, unittest
                class T(unittest.TestCase):
                    def test_a(self):
                        child = subprocess.Popen(['sleep', '300'])
                        with open('%s.part', 'w') as part:
                            part.write(str(child.pid))
                        os.rename('%s.part', '%s')
                        time.sleep(300)
                """.formatted(pid, pid, pid));
        PythonTestRunner tests = runner.with(python);
        PythonTestRunner.Task task = python.task(Map.of());
        // A busy machine needs longer to come to the test.
        for (int seconds = 4; !Files.exists(pid); seconds *= 4) {
            PythonTestRunner.Task brief = new PythonTestRunner.Task(
                    task.directory(), task.paths(), task.environment(), Set.of(), Duration.ofSeconds(seconds), 1);
            assertThatThrownBy(() -> tests.run(brief))
                    .isInstanceOf(TestsNotRunException.class)
                    .hasMessage("the tests in testaccept/ did not end within " + seconds + " s and were ended");
        }
        // A process that was not reaped yet has no program any more.
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid)))
                        .flatMap(child -> child.info().command()))
                .isEmpty();
    }

    /** The report's name is among the runner's own arguments. */
    private static String leaving(String content) {
        return """
                import atexit, os, sys, unittest
                class T(unittest.TestCase):
                    def test_a(self):
                        path = [a for a in sys.orig_argv if 'report.xml' in a][0].replace('--junitxml=', '')
                        open(path, 'wb').write(%s)
                        os._exit(0)
                """.formatted(content);
    }

    @ParameterizedTest
    @EnumSource
    void aHostileReportIsNoReport(Runner runner) throws Exception {
        Map<String, String> hostile = Map.of(
                "b'<testsuite><testcase name='", "not well-formed",
                "b'<!DOCTYPE x [<!ENTITY a \"a\">]><testsuite/>'", "DOCTYPE",
                "b'<testsuite/>'", "without a test",
                "b'<testsuite>' * 99999", "nested deeper",
                "b''", "not well-formed");
        for (Map.Entry<String, String> one : hostile.entrySet()) {
            python.file("testaccept/test_hostile.py", leaving(one.getKey()));
            assertNotRun(runner, one.getValue());
        }
    }

    @Test
    void anExitCodeThatContradictsTheReportIsBelieved() throws Exception {
        python.file("testaccept/conftest.py", "def pytest_sessionfinish(session):\n    session.exitstatus = 9\n");
        python.file("testaccept/test_a.py", "def test_a(): pass\n");
        assertThatThrownBy(() -> run(Runner.PYTEST, Map.of()))
                .isInstanceOf(TestsNotRunException.class)
                .hasMessageContaining("all tests in the report passed, but the runner did not");
    }

    /** pytest itself calls that a success, and its report has the first test alone. */
    @Test
    void aRunThatATestEndsIsNoSuccess() throws Exception {
        python.file("testaccept/test_a.py", """
                import pytest
                def test_a(): pass
                def test_b(): pytest.exit('enough of this', returncode=0)
                def test_c(): assert False
                """);
        assertNotRun(
                Runner.PYTEST, "the tests in testaccept/ were ended before all of them had run: Exit: enough of this");
        python.file("testaccept/test_a.py", """
                import gc, unittest
                class T(unittest.TestCase):
                    def test_a(self):
                        [r.stop() for r in gc.get_objects() if isinstance(r, unittest.TestResult)]
                    def test_b(self): self.fail()
                """);
        assertNotRun(Runner.UNITTEST, "the tests in testaccept/ were ended before all of them had run");
    }

    @Test
    void aConfigurationThatLeavesOutTheReportIsNamed() throws Exception {
        python.file("pytest.ini", "[pytest]\naddopts = -p no:junitxml\n");
        python.file("testaccept/test_a.py", "def test_a(): pass\n");
        assertNotRun(
                Runner.PYTEST,
                "the tests could not begin: -p no:junitxml leaves out the report, which the results are read from."
                        + " Take it out of addopts in the ini file of pytest, or out of PYTEST_ADDOPTS");
    }

    @Test
    void theTokenIsGivenIfThereIsOne() throws Exception {
        python.file(
                "testaccept/test_a.py",
                "import os\ndef test_a(): assert os.environ['PYM_JWT_TOKEN'] == 'abc' and os.environ['PYTHONPATH'].endswith(':/mine')\n");
        AcceptanceReport report = run(Runner.PYTEST, Map.of("PYM_JWT_TOKEN", "abc", "PYTHONPATH", "/mine"));
        assertThat(report.counts()).isEqualTo(new Counts(1, 0, 0, 0));
    }

    /** A mixed file, whose pytest-style test fails: without pytest it must not pass in silence. */
    @Test
    void aTestThatOnlyPytestRunsIsAFailureUnlessUnittestIsAskedFor() throws Exception {
        python.file("testaccept/test_mixed.py", """
                import unittest
                class TestCases(unittest.TestCase):
                    def test_good(self): pass
                def test_bad(): assert False
                class TestPlain:
                    def test_plain(self): assert False
                class TestMade:
                    def __init__(self, x): pass
                    def test_never(self): pass
                """);
        AcceptanceReport report = run(Runner.UNITTEST, Map.of());
        assertThat(report.counts()).isEqualTo(new Counts(1, 0, 2, 0));
        assertThat(report.cases().filter(c -> c.status() == CaseStatus.ERROR))
                .extracting(TestCase::name)
                .containsExactly("test_bad", "test_plain");
        assertThat(report.cases().map(TestCase::message)).anyMatch(m -> m.contains("Install pytest for /"));
        PythonTestRunner asked =
                new PythonTestRunner(python.processes, python.unittest().running("unittest"));
        assertThat(asked.run(python.task(Map.of())).counts()).isEqualTo(new Counts(1, 0, 0, 2));
        python.file("testaccept/test_mixed.py", "def test_bad(): assert False\n");
        assertThatThrownBy(() -> asked.run(python.task(Map.of()))).hasMessage("there are no tests in testaccept/");
    }
}
