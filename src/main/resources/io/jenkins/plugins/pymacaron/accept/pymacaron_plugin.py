"""A plugin of pytest that holds a run to its result. Any version of pytest, Python 3.6 or newer.

pytest.exit(returncode=0) ends a run with success and a report of the tests that had run by then (wrap_session in
_pytest/main.py); and '-p no:junitxml' in addopts leaves out the report without a word. With pytest-xdist a process of its
own that pytest.exit ends is not told from one that has done its work (worker_workerfinished in xdist/dsession.py).

Where a file share.json lies beside this one, several runs share the files of tests, and this one keeps to its own.
"""
import json
import os
import sys

import pytest

INTERRUPTED = 2  # pytest.ExitCode.INTERRUPTED, which older versions have not
NO_TESTS = 5  # pytest.ExitCode.NO_TESTS_COLLECTED
ENDED = 'pymacaron_ended'
LEFT_OUT = 'pymacaron_left_out'
OURS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'share.json')
ended_early = []
left_out = [0]
crashed = []
collected = set()
reported = set()


def pytest_configure(config):
    if config.pluginmanager.is_blocked('junitxml'):
        raise pytest.UsageError('-p no:junitxml leaves out the report, which the results are read from. Take it out of'
                                ' addopts in the ini file of pytest, or out of PYTEST_ADDOPTS')


def pytest_keyboard_interrupt(excinfo):
    """Called for pytest.exit too."""
    ended_early.append(excinfo)


def pytest_deselected(items):
    left_out[0] += len(items)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    worker = getattr(session.config, 'workeroutput', None)
    if worker is not None:
        worker[LEFT_OUT] = left_out[0]
        if ended_early:
            worker[ENDED] = str(ended_early[-1].value)
    elif session.exitstatus in (0, NO_TESTS):
        lost = collected - reported
        if crashed:
            sys.stdout.write('\nERROR: a process of pytest-xdist crashed: %s\n' % crashed[0])
        elif lost:
            sys.stdout.write('\nERROR: %d of %d tests were not run by any process\n' % (len(lost), len(collected)))
        if crashed or lost or ended_early:
            session.exitstatus = INTERRUPTED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """A process of pytest-xdist has ended. It may have left out tests, as each of them has, or wanted all of them to end."""
    if error:
        crashed.append(error)
    said = getattr(node, 'workeroutput', None) or {}
    if said.get(LEFT_OUT) and not left_out[0]:
        left_out[0] = said[LEFT_OUT]
        sys.stdout.write('\n%d deselected\n' % left_out[0])
    if said.get(ENDED) is not None:
        pytest.exit(said[ENDED])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node, ids):
    collected.update(ids)


def pytest_runtest_logreport(report):
    if collected:
        reported.add(report.nodeid)


def share():
    """Which process has which file: None for a run that is whole."""
    if not os.path.exists(OURS):
        return None
    with open(OURS, encoding='utf-8') as opened:
        return json.load(opened)


SHARE = share()


def is_ours(path):
    """A file that nobody knew of beforehand is the first process's."""
    return SHARE['files'].get(os.path.realpath(str(path)), 0) == SHARE['mine']


def ignored(path):
    """True or None. The __init__.py of a package is wanted by each process that has one of its files."""
    path = str(path)
    if os.path.isdir(path) or os.path.basename(path) == '__init__.py' or is_ours(path):
        return None
    return True


if SHARE is not None:
    if int(pytest.__version__.split('.')[0]) >= 7:
        def pytest_ignore_collect(collection_path):
            return ignored(collection_path)
    else:
        def pytest_ignore_collect(path):
            return ignored(path)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(items):
        """Also where a hook of the project does not let a file be ignored."""
        items[:] = [one for one in items if is_ours(getattr(one, 'path', None) or one.fspath)]
