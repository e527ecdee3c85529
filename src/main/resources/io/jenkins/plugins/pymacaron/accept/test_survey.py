"""Says, without running anything, which tests a runner leaves out. Python 3.8 or newer, nothing else.

usage: test_survey.py pytest|unittest MAJOR ROOT PATH...

MAJOR is the major version of pytest, ROOT the project. The answer is one line of JSON behind the word pym-survey: a list
of findings, each of them [kind, file, names].

unrun     pytest collects these and unittest does not
habit     nose ran these by their name, and the runner does not
file      nose read this file, and the runner does not by its name or place
generator a test that yields: nose ran what it yields
setup     nose called these before or after tests, and the runner does not

What nose ran: names that match (?:^|[\\b_\\.-])[Tt]est (nose.config, testMatchPat). What pytest collects: test_*.py and
*_test.py, functions test*, classes Test* without __init__ and unittest's TestCases, unless its ini file says otherwise
(docs.pytest.org, "Conventions for Python test discovery"). nose's setup and teardown are called until pytest 7 ("Support
for nose has been removed", changelog of pytest 8.0.0).
"""
import ast
import configparser
import fnmatch
import json
import os
import re
import sys

MOST_FILES = 500
MOST_BYTES = 1 << 20
MOST_NAMES = 20
NOSE = re.compile(r'(?:^|[\b_\.-])[Tt]est')
UNITTEST_FILES = ['test*.py', '*_test.py']
# pytest's defaults (_pytest/python.py and main.py, pytest_addoption)
FILES = ['test_*.py', '*_test.py']
FUNCTIONS = ['test']
CLASSES = ['Test']
NOT_ENTERED = ['*.egg', '_darcs', 'build', 'CVS', 'dist', 'node_modules', 'venv', '{arch}']
# nose.suite.ContextSuite: moduleSetup, moduleTeardown, packageSetup, packageTeardown; pytest has setup_module alone
MODULE_SETUP = {'setup', 'teardown', 'setupModule', 'teardownModule', 'setupmodule', 'teardownmodule'}
PACKAGE_SETUP = {'setup_package', 'teardown_package', 'setupPackage', 'teardownPackage', 'setUpPackage',
                 'tearDownPackage'}
CLASS_SETUP = {'setup', 'teardown'}
CLASS_SETUP_ALWAYS = {'setUp', 'tearDown'}
PYTEST_MODULE_SETUP = {'setup_module', 'teardown_module', 'setup_function', 'teardown_function'}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def ini(root, path):
    """The settings of pytest: the first of these files upwards of the tests that has any (rootdir finding)."""
    folder = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path))
    while True:
        for name, section in (('pytest.ini', 'pytest'), ('.pytest.ini', 'pytest'), ('pyproject.toml', None),
                              ('tox.ini', 'pytest'), ('setup.cfg', 'tool:pytest')):
            file = os.path.join(folder, name)
            if os.path.isfile(file) and os.path.getsize(file) <= MOST_BYTES:
                found = toml(file) if section is None else config(file, section)
                if found is not None or name.endswith('pytest.ini'):
                    return found or {}
        if folder == os.path.abspath(root) or folder == os.path.dirname(folder):
            return {}
        folder = os.path.dirname(folder)


def config(file, section):
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(file, encoding='utf-8')
    except (configparser.Error, UnicodeDecodeError):
        return None
    return dict(parser.items(section)) if parser.has_section(section) else None


def toml(file):
    try:
        import tomllib
    except ImportError:
        return None
    try:
        with open(file, 'rb') as opened:
            options = tomllib.load(opened).get('tool', {}).get('pytest', {})
    except (ValueError, RecursionError):
        return None
    return options.get('ini_options') if isinstance(options, dict) else None


def words(settings, name, default):
    value = settings.get(name)
    if value is None:
        return default
    return value.split() if isinstance(value, str) else [str(one) for one in value]


def matches(name, patterns):
    return any(name.startswith(p) or (set(p) & set('*?[') and fnmatch.fnmatchcase(name, p)) for p in patterns)


def python_files(path):
    if not os.path.isdir(path):
        yield path, True
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(n for n in folders if n != '__pycache__' and not n.startswith('.'))
        for name in sorted(files):
            if name.endswith('.py'):
                yield os.path.join(folder, name), False


def is_test_case(node, classes, deep=0):
    """True for a base whose name ends so, False for a class of nothing else, None where the file does not tell."""
    answer = False
    for base in node.bases:
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, 'id', '')
        if name.endswith('TestCase'):
            return True
        if name != 'object':
            own = is_test_case(classes[name], classes, deep + 1) if name in classes and deep < 20 else None
            if own:
                return True
            answer = None if own is None else answer
    return answer


def decorators(node):
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            decorator = decorator.func
        yield decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, 'id', '')


def runs_alone(node, given):
    """Whether it can be called with no more than that: nose had no fixtures."""
    arguments = node.args
    required = len(getattr(arguments, 'posonlyargs', [])) + len(arguments.args) - len(arguments.defaults)
    keywords = sum(1 for default in arguments.kw_defaults if default is None)
    marked = {'fixture', 'nottest', 'staticmethod', 'classmethod', 'property', 'contextmanager'} & set(decorators(node))
    return required <= given and not keywords and not marked


def yields(node):
    todo = list(node.body)
    while todo:
        one = todo.pop()
        if isinstance(one, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(one, FUNCTION + (ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(one))
    return False


def not_a_test(body):
    """Names of which the file says NAME.__test__ = False; '' for the whole of it."""
    found = set()
    for node in body:
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is False):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == '__test__':
                found.add('')
            elif isinstance(target, ast.Attribute) and target.attr == '__test__':
                found.add(getattr(target.value, 'id', ''))
    return found


class Survey:
    def __init__(self, runner, major, root):
        self.pytest = runner == 'pytest'
        self.nose_setup = self.pytest and major < 8
        self.root = root
        self.classes = {}
        self.findings = []

    def add(self, kind, file, names):
        if names:
            more = ['and %d more' % (len(names) - MOST_NAMES)] if len(names) > MOST_NAMES else []
            self.findings.append([kind, os.path.relpath(file, self.root), names[:MOST_NAMES] + more])

    def look(self, path):
        settings = ini(self.root, path)
        files = words(settings, 'python_files', FILES) if self.pytest else UNITTEST_FILES
        functions = words(settings, 'python_functions', FUNCTIONS)
        classes = words(settings, 'python_classes', CLASSES)
        closed = words(settings, 'norecursedirs', NOT_ENTERED) if self.pytest else []
        for count, (file, named) in enumerate(python_files(path)):
            if count >= MOST_FILES:
                return
            tree = parsed(file)
            if tree is not None:
                name = os.path.basename(file)
                inside = os.path.relpath(os.path.dirname(file), path).split(os.sep) if not named else []
                read = named or (any(fnmatch.fnmatch(name, p) for p in files)
                                 and not any(fnmatch.fnmatch(folder, p) for folder in inside for p in closed))
                self.file(file, name, read, tree, functions, classes)

    def file(self, file, name, read, tree, functions, classes):
        unrun, habit, generators, setup = [], [], [], []
        out = not_a_test(tree.body)
        self.classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        if '' in out:
            return
        for node in tree.body:
            if isinstance(node, FUNCTION) and node.name not in out:
                self.function(node, '', 0, matches(node.name, functions), self.pytest, unrun, habit, generators)
                self.module_setup(node.name, unrun, setup)
            elif isinstance(node, ast.ClassDef) and node.name not in out:
                self.of_class(node, functions, classes, unrun, habit, generators, setup)
        if read:
            self.add('unrun', file, unrun)
            self.add('habit', file, habit)
            self.add('generator', file, generators)
            self.add('setup', file, setup)
        elif name in ('__init__.py', 'conftest.py'):
            self.add('setup', file, [n for n in setup if n in PACKAGE_SETUP])
        elif NOSE.search(name) and has_tests(tree):
            self.add('file', file, [name])

    def function(self, node, owner, given, collected, runs, unrun, habit, generators):
        """A function, or a method: whether the runner takes it for a test, and does with it what nose did."""
        name = owner + node.name
        if collected:
            if 'fixture' in decorators(node):
                return
            if yields(node):
                generators.append(name)
            elif not runs:
                unrun.append(name)
        elif NOSE.search(node.name) and runs_alone(node, given):
            habit.append(name)

    def module_setup(self, name, unrun, setup):
        if not self.pytest and name in PYTEST_MODULE_SETUP:
            unrun.append(name)
        if name in PACKAGE_SETUP or name in MODULE_SETUP and not (self.nose_setup and name in ('setup', 'teardown')):
            setup.append(name)

    def of_class(self, node, functions, classes, unrun, habit, generators, setup):
        methods = [one for one in node.body if isinstance(one, FUNCTION)]
        own = not_a_test(node.body)
        case = is_test_case(node, self.classes)
        if '' in own or node.name.startswith('_'):
            return
        made = any(one.name in ('__init__', '__new__') for one in methods)
        collected = case or matches(node.name, classes) and not made
        if not collected and not NOSE.search(node.name):
            methods_of_nose = []
        else:
            methods_of_nose = [one for one in methods if one.name not in ('setup', 'teardown')]
        for one in methods_of_nose:
            takes = one.name.startswith('test') if case else matches(one.name, functions)
            self.function(one, node.name + '.', 1, collected and takes, self.pytest or case is not False, unrun, habit, generators)
        if case is False:
            names = {one.name for one in methods}
            lost = names & CLASS_SETUP_ALWAYS if self.pytest or NOSE.search(node.name) else set()
            if not self.nose_setup:
                lost |= names & CLASS_SETUP
            setup.extend(node.name + '.' + one for one in sorted(lost))


def has_tests(tree):
    for node in tree.body:
        if isinstance(node, FUNCTION) and NOSE.search(node.name) and runs_alone(node, 0):
            return True
        if isinstance(node, ast.ClassDef) and (is_test_case(node, {}) or NOSE.search(node.name)):
            if any(isinstance(one, FUNCTION) and NOSE.search(one.name) for one in node.body):
                return True
    return False


def parsed(file):
    """None for what cannot be read: the runner says that in its own words."""
    try:
        if os.path.getsize(file) > MOST_BYTES:
            return None
        with open(file, 'rb') as opened:
            return ast.parse(opened.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def main(runner, major, root, paths):
    survey = Survey(runner, int(major), root)
    for path in paths:
        survey.look(path)
    sys.stdout.write('\npym-survey %s\n' % json.dumps(survey.findings))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
