package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.pymacaron.report.AcceptanceReport;
import io.jenkins.plugins.pymacaron.report.CaseStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that processes share come to what they come to in one process. */
@Timeout(20 * 60)
class ParallelTestsTest {
    private static final String CASE = """
            import os, unittest
            class T(unittest.TestCase):
                def setUp(self):
                    with open(os.environ['RAN'], 'a') as ran:
                        ran.write(self.id().split('testaccept.')[-1] + '\\n')
            """;

    @TempDir
    Path directory;

    private Pythons python;

    enum Mode {
        XDIST,
        SHARED,
        UNITTEST;

        PythonInterpreter of(Pythons python) throws IOException, InterruptedException {
            return switch (this) {
                case XDIST -> python.withXdist();
                case SHARED -> python.withoutXdist();
                case UNITTEST -> python.unittest();
            };
        }
    }

    @BeforeEach
    void project() throws IOException {
        python = new Pythons(Files.createDirectory(directory.resolve("project")));
    }

    private AcceptanceReport run(Mode mode, int parallel) throws IOException, InterruptedException {
        return run(mode.of(python), parallel);
    }

    private AcceptanceReport run(PythonInterpreter interpreter, int parallel) throws IOException, InterruptedException {
        return new PythonTestRunner(python.processes, interpreter)
                .run(python.task(
                        Map.of("RAN", directory.resolve("ran").toString(), "PASSWORD", Pythons.SECRET), parallel));
    }

    private void assertNotRun(Mode mode, String why) throws IOException, InterruptedException {
        PythonInterpreter interpreter = mode.of(python);
        assertThatThrownBy(() -> run(interpreter, 3))
                .isInstanceOf(TestsNotRunException.class)
                .message()
                .contains(why)
                .doesNotContain("\n");
    }

    private static List<String> lines(AcceptanceReport report) {
        return report.cases()
                .map(one -> one.status() + " " + one.className() + " " + one.name() + " " + one.message())
                .toList();
    }

    private void suite() throws IOException {
        for (String name : List.of("a", "b", "c", "d")) {
            python.file(
                    "testaccept/test_" + name + ".py",
                    CASE + "    def test_z(self): pass\n    def test_good(self): pass\n"
                            + (name.equals("c") ? "    def test_wrong(self): self.fail('on purpose')\n" : ""));
        }
        python.file("testaccept/helper.py", "NAME = 'help'\n");
        python.file("testaccept/test_skipped.py", "import unittest\nraise unittest.SkipTest('not here')\n");
        python.file("testaccept/pack/__init__.py", "");
        python.file("testaccept/pack/test_e.py", CASE + "    def test_in_package(self): pass\n");
        python.file("testaccept/pack/sub/__init__.py", "");
        python.file(
                "testaccept/pack/sub/test_a.py",
                CASE + "    @unittest.skip('later')\n    def test_later(self): pass\n    def test_deep(self): pass\n");
        Files.createSymbolicLink(
                python.project.resolve("testaccept/linked"), Files.createDirectories(directory.resolve("elsewhere")));
        Files.writeString(
                directory.resolve("elsewhere/test_linked.py"), CASE + "    def test_behind_a_link(self): pass\n");
    }

    @ParameterizedTest
    @EnumSource
    void theReportIsThatOfOneRunAndEachTestRunsOnce(Mode mode) throws Exception {
        suite();
        AcceptanceReport alone = run(mode, 1);
        List<String> ranAlone = Files.readAllLines(directory.resolve("ran"));
        Files.delete(directory.resolve("ran"));
        AcceptanceReport shared = run(mode, 3);
        List<String> ranShared = Files.readAllLines(directory.resolve("ran"));
        Files.delete(directory.resolve("ran"));
        assertThat(ranShared)
                .containsExactlyInAnyOrderElementsOf(ranAlone)
                .doesNotHaveDuplicates()
                .hasSize(mode == Mode.UNITTEST ? 11 : 12);
        assertThat(lines(shared)).containsExactlyInAnyOrderElementsOf(lines(alone));
        assertThat(shared.counts()).isEqualTo(alone.counts());
        assertThat(shared.counts().bad()).isEqualTo(1);
        assertThat(shared.suites()).hasSize(1);
        // Another number of processes, and so another order in which they end.
        assertThat(lines(run(mode, 2))).isEqualTo(lines(shared));
    }

    /** pytest runs nothing then; others do, and so do other processes. */
    @ParameterizedTest
    @EnumSource
    void aFileThatCannotBeImportedIsOneError(Mode mode) throws Exception {
        suite();
        python.file("testaccept/pack/__init__.py", "import no_such_module\n");
        python.file("testaccept/test_broken.py", "import no_such_module\n");
        List<String> alone = errors(run(mode, 1));
        assertThat(alone).isNotEmpty().doesNotHaveDuplicates();
        assertThat(errors(run(mode, 3))).containsExactlyInAnyOrderElementsOf(alone);
    }

    private static List<String> errors(AcceptanceReport report) {
        return report.cases()
                .filter(one -> one.status() == CaseStatus.ERROR)
                .map(one -> one.className() + " " + one.name())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void processesRunAtTheSameTimeWithTheSameEnvironmentMasked(Mode mode) throws Exception {
        for (String name : List.of("a", "b", "c")) {
            python.file("testaccept/test_" + name + ".py", """
                    import os, time, unittest
                    class T(unittest.TestCase):
                        def test_meets_the_others(self):
                            self.assertNotIn('PYM_JWT_TOKEN', os.environ)
                            open(os.environ['RAN'] + '_%s', 'w').close()
                            until = time.monotonic() + 300
                            while not all(os.path.exists(os.environ['RAN'] + '_' + n) for n in 'abc'):
                                self.assertLess(time.monotonic(), until)
                                time.sleep(.02)
                            self.fail('saw ' + os.environ['PASSWORD'] + ' of %s')
                    """.formatted(name, name));
        }
        AcceptanceReport report = run(mode, 3);
        assertThat(report.counts().failed()).isEqualTo(3);
        assertThat(report.cases()).allMatch(one -> one.message().contains("saw **** of"));
        assertThat(report.toString() + python.log).doesNotContain("hunter").contains("saw ****");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XDIST")
    void aLineIsOfOneProcessAndSaysOfWhich(Mode mode) throws Exception {
        python.file("pytest.ini", "[pytest]\naddopts = -s\n");
        for (String name : List.of("a", "b", "c")) {
            python.file("testaccept/test_" + name + ".py", """
                    import sys, unittest
                    class T(unittest.TestCase):
                        def test_writes(self):
                            print()
                            for i in range(20):
                                for j in range(100):
                                    sys.stdout.write('%s' * 3)
                                    sys.stdout.flush()
                                print()
                    """.formatted(name));
        }
        assertThat(run(mode, 3).counts().passed()).isEqualTo(3);
        for (String name : List.of("a", "b", "c")) {
            String mark = "[" + (name.charAt(0) - 'a' + 1) + "/3] ";
            assertThat(python.log)
                    .filteredOn(line -> line.equals(mark + name.repeat(300)))
                    .hasSize(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noTestsIsAFailureThatSaysSo(Mode mode) throws Exception {
        python.file("testaccept/one.py", "");
        python.file("testaccept/two.py", "");
        assertNotRun(mode, "there are no tests in testaccept/");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNITTEST")
    void optionsThatLeaveOutAllAreNamed(Mode mode) throws Exception {
        suite();
        python.file("pytest.ini", "[pytest]\naddopts = -k nothing_of_this_name\n");
        assertNotRun(mode, "its options leave out all, 13.");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNITTEST")
    void aRunThatATestEndsIsNoSuccess(Mode mode) throws Exception {
        for (int code : Boolean.getBoolean("pym.full") ? List.of(0, 3, 5) : List.of(0)) {
            python.file("testaccept/test_a.py", "def test_a(): pass\n");
            python.file("testaccept/test_b.py", """
                    import pytest
                    def test_a(): pass
                    def test_b(): pytest.exit('enough of this', returncode=%d)
                    def test_c(): assert False
                    """.formatted(code));
            python.file("testaccept/test_c.py", "def test_a(): pass\n");
            // The exit code of pytest itself comes first where a project has chosen one.
            assertNotRun(mode, "Exit: enough of this");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void aProcessThatCrashesIsNoSuccess(int code) throws Exception {
        python.file("testaccept/test_a.py", CASE + "    def test_a(self): pass\n");
        python.file("testaccept/test_b.py", CASE + "    def test_b(self): os._exit(" + code + ")\n");
        assertNotRun(Mode.UNITTEST, "the tests crashed and left no report");
        assertNotRun(Mode.SHARED, "the tests crashed and left no report");
        AcceptanceReport report = run(Mode.XDIST, 2);
        assertThat(report.counts().bad()).isEqualTo(1);
        assertThat(report.cases().filter(one -> one.status() == CaseStatus.FAILED))
                .allMatch(one -> one.name().equals("test_b") && one.message().contains("crashed"));
    }

    @ParameterizedTest
    @EnumSource
    void timeAndInterruptionEndAllProcesses(Mode mode) throws Exception {
        for (String name : List.of("a", "b")) {
            python.file("testaccept/test_" + name + ".py", """
                    import os, subprocess, time, unittest
                    class T(unittest.TestCase):
                        def test_hangs(self):
                            child = subprocess.Popen(['sleep', '3000'])
                            with open(os.environ['RAN'] + '_part_%s', 'w') as pids:
                                pids.write('%%d %%d' %% (os.getpid(), child.pid))
                            os.rename(os.environ['RAN'] + '_part_%s', os.environ['RAN'] + '_%s')
                            time.sleep(3000)
                    """.formatted(name, name, name));
        }
        AtomicReference<Throwable> why = new AtomicReference<>();
        Thread run = new Thread(() -> {
            try {
                run(mode, 2);
            } catch (Throwable e) {
                why.set(e);
            }
        });
        mode.of(python);
        run.start();
        while (!Files.exists(directory.resolve("ran_a")) || !Files.exists(directory.resolve("ran_b"))) {
            assertThat(run.isAlive()).isTrue();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        run.interrupt();
        run.join();
        assertThat(why.get()).isInstanceOf(InterruptedException.class);
        List<Long> begun = begun();
        assertThat(begun).hasSize(4).noneMatch(ParallelTestsTest::lives);
        // A busy machine needs longer to come to the tests.
        List<Long> ended = List.of();
        for (int seconds = 4; ended.size() < 4; seconds *= 4) {
            PythonTestRunner.Task task =
                    python.task(Map.of("RAN", directory.resolve("ran").toString()), 2);
            PythonTestRunner.Task brief = new PythonTestRunner.Task(
                    task.directory(), task.paths(), task.environment(), Set.of(), Duration.ofSeconds(seconds), 2);
            assertThatThrownBy(() -> new PythonTestRunner(python.processes, mode.of(python)).run(brief))
                    .isInstanceOf(TestsNotRunException.class)
                    .hasMessage("the tests in testaccept/ did not end within " + seconds + " s and were ended");
            ended = begun();
            assertThat(ended).noneMatch(ParallelTestsTest::lives);
        }
    }

    /** The processes of the tests and their children; they are forgotten by that. */
    private List<Long> begun() throws IOException {
        List<Long> pids = new ArrayList<>();
        for (String name : List.of("ran_a", "ran_b")) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                Stream.of(Files.readString(file).split(" ")).map(Long::valueOf).forEach(pids::add);
                Files.delete(file);
            }
        }
        return pids;
    }

    /** A process that has ended and is not reaped yet has no program any more. */
    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).flatMap(one -> one.info().command()).isPresent();
    }
}
