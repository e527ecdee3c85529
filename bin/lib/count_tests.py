"""Counts the tests in Surefire's reports: count_tests.py [--total | --slowest N | --skipped | --output] FOLDER...

--total      one line, the last of bin/verify
--slowest N  the N test classes that took longest
--skipped    the names of the test classes of which a test was skipped
--output     what the test classes that failed have printed, the last lines of each
"""
import glob
import os
import sys
import xml.etree.ElementTree as ElementTree

LONGEST_OUTPUT = 2000


def suites(folders):
    for folder in folders:
        for report in glob.glob(os.path.join(folder, 'TEST-*.xml')):
            yield report, ElementTree.parse(report).getroot()


def failures(suite):
    return int(suite.get('failures')) + int(suite.get('errors'))


def short(name):
    return name.rsplit('.', 1)[-1]


def count(folders, details):
    tests = failed = skipped = 0
    why = []
    again = []
    for _, suite in suites(folders):
        tests += int(suite.get('tests'))
        failed += failures(suite)
        for case in suite.iter('testcase'):
            name = '%s.%s' % (short(case.get('classname')), case.get('name'))
            if case.find('flakyFailure') is not None or case.find('flakyError') is not None:
                again.append(name)
            if case.find('skipped') is not None:
                skipped += 1
                why.append(name)
    print('%d passed, %d failed, %d skipped' % (tests - failed - skipped, failed, skipped))
    if why and details:
        print('         skipped: ' + ', '.join(sorted(why)))
    if again and details:
        print('         only at the second time: ' + ', '.join(sorted(again)))


def slowest(folders, number):
    times = sorted(((float(suite.get('time')), short(suite.get('name'))) for _, suite in suites(folders)), reverse=True)
    for seconds, name in times[:number]:
        print('%6.1f s  %s' % (seconds, name))


def skipped(folders):
    for _, suite in suites(folders):
        if suite.find('testcase/skipped') is not None:
            print(suite.get('name'))


def output(folders):
    for report, suite in suites(folders):
        printed = report.replace('TEST-', '', 1)[:-len('.xml')] + '-output.txt'
        if failures(suite) and os.path.exists(printed):
            with open(printed, encoding='utf-8', errors='replace') as file:
                lines = file.read().splitlines()
            print('== The output of %s' % short(suite.get('name')))
            if len(lines) > LONGEST_OUTPUT:
                print('... %d lines more in %s' % (len(lines) - LONGEST_OUTPUT, printed))
            print('\n'.join(lines[-LONGEST_OUTPUT:]))


def main(arguments):
    if arguments[0] == '--slowest':
        slowest(arguments[2:], int(arguments[1]))
    elif arguments[0] == '--skipped':
        skipped(arguments[1:])
    elif arguments[0] == '--output':
        output(arguments[1:])
    elif arguments[0] == '--total':
        count(arguments[1:], False)
    else:
        count(arguments, True)


main(sys.argv[1:])
