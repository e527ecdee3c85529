"""Runs unittest tests and writes JUnit XML, for interpreters without pytest. Python 3.8 or newer, nothing else.

usage: unittest_xml.py REPORT [--asked] PATH...

Tests that only pytest would run are errors; with --asked they are skipped. Where a file share.json lies beside this one,
several runs share the files, and this one keeps to its own.
Exits 0 if all passed, 1 if some did not, 2 if a test stopped the run, and 5 if there are none, as pytest does.
"""
import importlib
import json
import os
import re
import sys
import time
import traceback
import types
import unittest
import xml.etree.ElementTree as ElementTree

NOT_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')
TEST_FILE = re.compile(r'test.*\.py$|.*_test\.py$')
ASKED = '--asked'
LEFT_OUT = 'unittest does not run this test, which pytest does'
INSTALL = '. Install pytest for %s, or ask for unittest by runner: unittest in accept'
OURS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'share.json')
SETUP_OF = re.compile(r'(\w+) \((.*)\)$')


def text(value):
    return NOT_XML.sub('?', str(value))


def names(test):
    """Class and name. The runner itself stands for the setup of a class or module: 'setUpClass (module.Class)'."""
    setup = SETUP_OF.match(test.id())
    if setup and not isinstance(test, unittest.TestCase):
        return setup.group(2), setup.group(1)
    whole = getattr(test, 'test_case', test)
    class_name, _, name = whole.id().rpartition('.')
    if whole is not test:
        # A subtest: its parameters may have dots.
        name += test.id()[len(whole.id()):]
    return class_name, name


class XmlResult(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.suite = ElementTree.Element('testsuite', name='unittest')
        self.begun = None

    def startTest(self, test):
        self.begun = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        self.begun = None

    def record(self, test, kind=None, message='', detail=''):
        class_name, name = names(test)
        took = time.monotonic() - self.begun if self.begun is not None else 0
        case = ElementTree.SubElement(
            self.suite, 'testcase', classname=text(class_name), name=text(name), time='%.3f' % took)
        if kind:
            ElementTree.SubElement(case, kind, message=text(message)).text = text(detail)

    def record_problem(self, test, kind, err):
        self.record(test, kind, '%s: %s' % (err[0].__name__, err[1]), ''.join(traceback.format_exception(*err)))

    def addSuccess(self, test):
        super().addSuccess(test)
        self.record(test)

    def addError(self, test, err):
        super().addError(test, err)
        self.record_problem(test, 'error', err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.record_problem(test, 'failure', err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            kind = 'failure' if issubclass(err[0], test.failureException) else 'error'
            self.record_problem(subtest, kind, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.record(test, 'skipped', reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.record(test, 'skipped', 'failed, as expected')

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.record(test, 'failure', 'passed, which was not expected')


def test_files(path):
    if not os.path.isdir(path):
        return [path]
    found = []
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if name != '__pycache__' and not name.startswith('.'))
        found += [os.path.join(folder, name) for name in sorted(files) if TEST_FILE.match(name)]
    return found


def share():
    """Which process has which file: None for a run that is whole."""
    if not os.path.exists(OURS):
        return None
    with open(OURS, encoding='utf-8') as opened:
        return json.load(opened)


def is_ours(file, shared):
    """A file that nobody knew of beforehand is the first process's."""
    return shared is None or shared['files'].get(os.path.realpath(file), 0) == shared['mine']


def module_of(file):
    """Imports it as pytest does: by its name within the outermost package, from the folder that holds that."""
    root, name = os.path.split(os.path.abspath(file))
    name = name[:-len('.py')]
    while os.path.exists(os.path.join(root, '__init__.py')):
        root, package = os.path.split(root)
        name = package + '.' + name
    known = sys.modules.get(name)
    if known is not None and getattr(known, '__file__', None) != os.path.abspath(file):
        # Two folders may have a test file of the same name.
        del sys.modules[name]
    # In front, even if it is there already: another folder's file of this name must not come first.
    sys.path[:] = [root] + [folder for folder in sys.path if folder != root]
    return importlib.import_module(name)


def broken(file, problem):
    """A test that stands for a file that cannot be imported."""
    def importing(self):
        raise problem
    name = os.path.basename(file)[:-len('.py')]
    return type(name, (unittest.TestCase,), {'importing': importing, '__module__': 'collecting'})('importing')


def left_out(module):
    """What pytest collects there and unittest does not: functions test*, and methods of plain classes Test*."""
    for name, one in list(vars(module).items()):
        if not getattr(one, '__test__', True):
            continue
        if isinstance(one, types.FunctionType) and name.startswith('test'):
            yield name
        elif isinstance(one, type) and name.startswith('Test') and not issubclass(one, unittest.TestCase):
            if one.__init__ is object.__init__ and one.__new__ is object.__new__:
                for method in dir(one):
                    if method.startswith('test') and callable(getattr(one, method, None)):
                        yield name + '.' + method


class LeftOut(unittest.TestCase):
    """Stands for a test that is not run, so that report and result have it."""
    def __init__(self, module, name, asked):
        super().__init__('not_run')
        self.name = module + '.' + name
        self.asked = asked

    def id(self):
        return self.name

    def __str__(self):
        return self.name

    def not_run(self):
        if self.asked:
            self.skipTest(LEFT_OUT)
        raise NotRun(LEFT_OUT + INSTALL % sys.executable)


class NotRun(Exception):
    pass


def load(loader, file, asked):
    try:
        module = module_of(file)
        tests = loader.loadTestsFromModule(module)
        tests.addTests(LeftOut(module.__name__, name, asked) for name in left_out(module))
        return tests
    except (Exception, SystemExit) as problem:
        return broken(file, problem)


def count_left_out(suite):
    return sum(count_left_out(one) if isinstance(one, unittest.TestSuite) else isinstance(one, LeftOut) for one in suite)


def main(report, paths):
    asked = paths[:1] == [ASKED]
    paths = paths[1:] if asked else paths
    sys.path[0] = os.getcwd()
    # What a test says may not be writable in the encoding of a build; that is no reason to die.
    sys.stdout.reconfigure(errors='backslashreplace')
    loader = unittest.TestLoader()
    shared = share()
    suite = unittest.TestSuite(
        load(loader, file, asked) for path in paths for file in test_files(path) if is_ours(file, shared))
    tests = suite.countTestCases() - (count_left_out(suite) if asked else 0)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=1, resultclass=XmlResult)
    result = runner.run(suite)
    ElementTree.ElementTree(result.suite).write(report, encoding='utf-8', xml_declaration=True)
    if tests == 0:
        return 5
    if not result.wasSuccessful():
        return 1
    return 2 if result.shouldStop else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2:]))
