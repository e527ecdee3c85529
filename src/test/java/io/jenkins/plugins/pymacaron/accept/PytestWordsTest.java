package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.report.CaseStatus;
import io.jenkins.plugins.pymacaron.report.TestCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Outputs of runs of pytest 7.2.1 (Debian 12) and 8.4.2; where both say the same, the line stands once. */
class PytestWordsTest {
    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of(
                        "7 and 8: options of plugins that are not there",
                        """
                        ERROR: usage: __main__.py [options] [file_or_dir] [file_or_dir] [...]
                        __main__.py: error: unrecognized arguments: --cov=x
                          inifile: /w/c/pytest.ini
                          rootdir: /w/c
                        """,
                        "unrecognized arguments: --cov=x; pytest-cov has it"),
                Arguments.of(
                        "7 and 8: required plugins",
                        "ERROR: Missing required plugins: pytest-nosuch\n\n",
                        "Missing required plugins: pytest-nosuch"),
                Arguments.of(
                        "7 and 8: an ini file that cannot be read",
                        "ERROR: /w/f/pytest.ini:1: unexpected value continuation\n\n",
                        "/w/f/pytest.ini:1: unexpected value continuation"),
                Arguments.of(
                        "8: another pytest is wanted",
                        "ERROR: /w/g/pytest.ini: 'minversion' requires pytest-99, actual pytest-8.4.2'\n\n",
                        "/w/g/pytest.ini: 'minversion' requires pytest-99, actual pytest-8.4.2'"),
                Arguments.of(
                        "7 and 8: conftest.py cannot be imported",
                        """
                        ImportError while loading conftest '/w/testaccept/conftest.py'.
                        conftest.py:1: in <module>
                            import nosuch
                        E   ModuleNotFoundError: No module named 'nosuch'
                        """,
                        "loading testaccept/conftest.py: ModuleNotFoundError: No module named 'nosuch'; install it for the"
                                + " interpreter of the tests"),
                Arguments.of(
                        "7 and 8: pytest_plugins",
                        """
                          File "/usr/lib/python3/dist-packages/_pytest/config/__init__.py", line 774, in import_plugin
                            __import__(importspec)
                        ImportError: Error importing plugin "nosuchplugin": No module named 'nosuchplugin'
                        """,
                        "ImportError: Error importing plugin \"nosuchplugin\": No module named 'nosuchplugin'; install it for"
                                + " the interpreter of the tests"),
                Arguments.of("7 and 8: pytest.exit in a test", """
                        =================== 1 passed in 0.10s ====================
                        !!!!!!!!!!!! _pytest.outcomes.Exit: enough of this !!!!!!!!!!!!!
                        """, "Exit: enough of this"),
                Arguments.of("7 and 8: a hook of conftest.py fails", """
                        INTERNALERROR>   File "/w/l/conftest.py", line 3, in pytest_configure
                        INTERNALERROR>     raise KeyError("DB_URL")
                        INTERNALERROR> KeyError: 'DB_URL'
                        """, "KeyError: 'DB_URL'"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void findsTheLineWithTheReason(String what, String output, String reason) {
        assertThat(PytestWords.reason(output)).contains(reason);
    }

    @Test
    void aTailWithoutAReasonHasNone() {
        assertThat(PytestWords.reason("collecting ... collected 1 item\n\ntest_a.py::test_a "))
                .isEmpty();
    }

    private static String said(String message, String detail) {
        return PytestWords.message(
                new TestCase("testaccept", "test_a", CaseStatus.ERROR, java.time.Duration.ZERO, message, detail, ""));
    }

    @Test
    void aCollectionErrorIsToldByItsException() {
        assertThat(said("collection failure", """
                        ImportError while importing test module '/w/b/test_b.py'.
                        Hint: make sure your test modules/packages have valid Python names.
                        Traceback:
                        test_b.py:1: in <module>
                            import nosuch
                        E   ModuleNotFoundError: No module named 'nosuch'
                        """))
                .isEqualTo(
                        "ModuleNotFoundError: No module named 'nosuch'; install it for the interpreter of the tests");
        assertThat(said("collection failure", "In test_a: function uses no argument 'x'"))
                .isEqualTo("In test_a: function uses no argument 'x'");
        assertThat(said("collection failure", "")).isEqualTo("collection failure");
    }

    @Test
    void aMissingFixtureIsToldWithItsPlugin() {
        assertThat(said("failed on setup with \"file /w/e/test_a.py, line 1", """
                        file /w/e/test_a.py, line 1
                          def test_a(mocker): pass
                        E       fixture 'mocker' not found
                        >       available fixtures: capfd, capfdbinary
                        >       use 'pytest --fixtures [testpath]' for help on them.
                        """))
                .isEqualTo("fixture 'mocker' not found; pytest-mock has it");
        assertThat(said("AssertionError: 1 != 2\nmore", "E   other")).isEqualTo("AssertionError: 1 != 2");
    }

    @Test
    void aSyntaxErrorIsToldWithItsPlace() {
        assertThat(said("collection failure", """
                        /usr/lib/python3/dist-packages/_pytest/python.py:618: in _importtestmodule
                            mod = import_path(self.path, mode=importmode, root=self.config.rootpath)
                        E     File "/w/test/test_syn.py", line 7
                        E       def f(:
                        E             ^
                        E   SyntaxError: invalid syntax
                        """)).isEqualTo("SyntaxError: invalid syntax (test_syn.py, line 7)");
    }

    @Test
    void twoTestsOfOneNameAreToldWithTheOther() {
        assertThat(said("collection failure", """
                        import file mismatch:
                        imported module 'test_same' has this __file__ attribute:
                          /w/test/a/test_same.py
                        which is not the same as the test file we want to collect:
                          /w/test/b/test_same.py
                        HINT: remove __pycache__ / .pyc files and/or use a unique basename for your test file modules
                        """))
                .isEqualTo("import file mismatch: a/test_same.py has the same name. Rename one of them, or put an"
                        + " __init__.py into the directory of each");
    }

    @Test
    void anExitWhileTestsAreCollectedIsToldWithItsPlace() {
        assertThat(said("internal error", """
                        Traceback (most recent call last):
                          File "/usr/lib/python3/dist-packages/_pytest/main.py", line 270, in wrap_session
                            session.exitstatus = doit(config, session) or 0
                          File "/w/test/test_syn.py", line 1, in <module>
                            import sys; sys.exit(0)
                        SystemExit: 0
                        """)).isEqualTo("SystemExit: 0 (test_syn.py, line 1)");
    }

    @Test
    void testsThatOptionsLeaveOutAreCounted() {
        assertThat(PytestWords.deselected("""
                collecting ... collected 2 items / 2 deselected / 0 selected

                ============================ 2 deselected in 0.01s =============================
                """)).contains("2");
        assertThat(PytestWords.deselected("======= no tests ran in 0.01s ======="))
                .isEmpty();
    }
}
