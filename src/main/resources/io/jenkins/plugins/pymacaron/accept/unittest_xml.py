"""Runs unittest tests and writes JUnit XML, for interpreters without pytest. Python 3.6 or newer, nothing else.

usage: unittest_xml.py REPORT PATH...
"""
import os
import re
import sys
import time
import traceback
import unittest
import xml.etree.ElementTree as ElementTree

NOT_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')


def text(value):
    return NOT_XML.sub('?', str(value))


class XmlResult(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.suite = ElementTree.Element('testsuite', name='unittest')
        self.begun = {}

    def startTest(self, test):
        self.begun[test.id()] = time.time()
        super().startTest(test)

    def record(self, test, kind=None, message='', detail=''):
        class_name, _, name = test.id().rpartition('.')
        took = time.time() - self.begun.get(test.id(), time.time())
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


def load(loader, path):
    if os.path.isdir(path):
        suite = unittest.TestSuite()
        for folder, folders, files in sorted(os.walk(path)):
            folders[:] = [name for name in folders if name != '__pycache__']
            for name in sorted(files):
                if re.match(r'test.*\.py$|.*_test\.py$', name):
                    suite.addTests(load(loader, os.path.join(folder, name)))
        return suite
    folder, name = os.path.split(os.path.abspath(path))
    sys.path.insert(0, folder)
    # Two folders may have a test file of the same name.
    sys.modules.pop(name[:-3], None)
    try:
        return loader.loadTestsFromName(name[:-3])
    finally:
        sys.path.remove(folder)


def main(report, paths):
    sys.path.insert(0, os.getcwd())
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(load(loader, path) for path in paths)
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=XmlResult)
    result = runner.run(suite)
    result.suite.set('tests', str(result.testsRun))
    ElementTree.ElementTree(result.suite).write(report, encoding='utf-8', xml_declaration=True)
    return 5 if result.testsRun == 0 else 0 if result.wasSuccessful() else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2:]))
