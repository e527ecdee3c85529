"""Counts the tests in Surefire's reports: count_tests.py [--total] FOLDER..."""
import glob
import os
import sys
import xml.etree.ElementTree as ElementTree

folders = [folder for folder in sys.argv[1:] if folder != '--total']
tests = failed = skipped = 0
why = []
again = []
for folder in folders:
    for report in glob.glob(os.path.join(folder, 'TEST-*.xml')):
        suite = ElementTree.parse(report).getroot()
        tests += int(suite.get('tests'))
        failed += int(suite.get('failures')) + int(suite.get('errors'))
        for case in suite.iter('testcase'):
            name = '%s.%s' % (case.get('classname').rsplit('.', 1)[-1], case.get('name'))
            if case.find('flakyFailure') is not None or case.find('flakyError') is not None:
                again.append(name)
            if case.find('skipped') is not None:
                skipped += 1
                why.append(name)
print('%d passed, %d failed, %d skipped' % (tests - failed - skipped, failed, skipped))
if why and '--total' not in sys.argv:
    print('         skipped: ' + ', '.join(sorted(why)))
if again and '--total' not in sys.argv:
    print('         only at the second time: ' + ', '.join(sorted(again)))
