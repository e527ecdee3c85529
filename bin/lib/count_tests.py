"""Counts the tests in Surefire's reports: count_tests.py [--total] FOLDER..."""
import glob
import os
import sys
import xml.etree.ElementTree as ElementTree

folders = [folder for folder in sys.argv[1:] if folder != '--total']
tests = failed = skipped = 0
why = []
for folder in folders:
    for report in glob.glob(os.path.join(folder, 'TEST-*.xml')):
        suite = ElementTree.parse(report).getroot()
        tests += int(suite.get('tests'))
        failed += int(suite.get('failures')) + int(suite.get('errors'))
        for case in suite.iter('testcase'):
            if case.find('skipped') is not None:
                skipped += 1
                why.append('%s.%s' % (case.get('classname').rsplit('.', 1)[-1], case.get('name')))
print('%d passed, %d failed, %d skipped' % (tests - failed - skipped, failed, skipped))
if why and '--total' not in sys.argv:
    print('         skipped: ' + ', '.join(sorted(why)))
