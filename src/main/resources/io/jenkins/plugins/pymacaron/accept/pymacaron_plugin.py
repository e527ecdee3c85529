"""A plugin of pytest that holds a run to its result. Any version of pytest, Python 3.6 or newer.

pytest.exit(returncode=0) ends a run with success and a report of the tests that had run by then (wrap_session in
_pytest/main.py); and '-p no:junitxml' in addopts leaves out the report without a word.
"""
import pytest

INTERRUPTED = 2  # pytest.ExitCode.INTERRUPTED, which older versions have not
ended_early = []


def pytest_configure(config):
    if config.pluginmanager.is_blocked('junitxml'):
        raise pytest.UsageError('-p no:junitxml leaves out the report, which the results are read from. Take it out of'
                                ' addopts in the ini file of pytest, or out of PYTEST_ADDOPTS')


def pytest_keyboard_interrupt(excinfo):
    """Called for pytest.exit too."""
    ended_early.append(excinfo)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if ended_early and session.exitstatus == 0:
        session.exitstatus = INTERRUPTED
