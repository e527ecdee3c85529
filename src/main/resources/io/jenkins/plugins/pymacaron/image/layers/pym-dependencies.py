"""Installs requirements into a copy of the base image's virtual environment, and writes down what has changed there.

Usage: pym-dependencies.py ROOT CHANGES NAMES FILE…, in the directory of requirements.txt. ROOT stands for the root of the
image. What is written does not depend on ROOT, on the time or on this machine, so that the same packages make the same layer.
NAMES are the settings of pip that count, as variables with commas between them. Each FILE is one of pip's, from the weakest.
"""
import base64
import configparser
import csv
import hashlib
import json
import mmap
import os
import py_compile
import subprocess
import sys

ROOT, CHANGES, NAMES = sys.argv[1:4]
FILES = sys.argv[4:]
ENVIRONMENT = os.path.join(ROOT, 'pym', 'virtenv')
PIP = [sys.executable, '-m', 'pip', '--disable-pip-version-check', '--no-input']


def settings():
    """The settings of pip's files that count, as variables. A section of the command comes before the global one."""
    found = {}
    for section in ('global', 'install'):
        for path in FILES:
            parser = configparser.RawConfigParser()
            try:
                parser.read(path)
            except (configparser.Error, UnicodeError) as e:
                sys.exit('ERROR: %s cannot be read: %s' % (path, ' '.join(str(e).split())))
            for key, value in parser.items(section) if parser.has_section(section) else ():
                name = 'PIP_' + key.lstrip('-').replace('-', '_').upper()
                if name in NAMES.split(','):
                    found[name] = ' '.join(value.split())
    return found


def state():
    """What stat(2) tells of each path."""
    found = {}
    for directory, names, files in os.walk(ENVIRONMENT):
        for name in names + files:
            path = os.path.join(directory, name)
            fact = os.lstat(path)
            is_directory = os.path.isdir(path) and not os.path.islink(path)
            found[path] = 'directory' if is_directory else (fact.st_ino, fact.st_mtime_ns, fact.st_size, fact.st_mode)
    return found


def in_image(path):
    return path[len(ROOT):]


def refuse_compiled(path):
    """A wheel that was compiled here is for this machine's libraries, not for those of the image."""
    with open(path, errors='replace') as file:
        tags = [line.split('-')[-1].strip() for line in file if line.startswith('Tag:')]
    if any(tag.startswith('linux_') for tag in tags):
        package = os.path.basename(os.path.dirname(path))[:-len('.dist-info')].replace('-', ' ')
        sys.exit('ERROR: %s has no wheel for the base image, and builder: layers compiles nothing. Require a version that has'
                 ' one, or use builder: docker' % package)


def refuse_root(path):
    """A file that names ROOT would lead to a directory that is not in the image."""
    leads = False
    if os.path.islink(path):
        leads = ROOT in os.readlink(path)
    elif os.path.isfile(path) and os.path.getsize(path) > 0:
        with open(path, 'rb') as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            leads = content.find(ROOT.encode()) >= 0
    if leads:
        sys.exit('ERROR: the installed file %s leads to a directory of this machine, which is not in the image. Require the'
                 ' package in another way, or use builder: docker' % in_image(path))


def without_root(scripts):
    """The first line of a script names its interpreter, by its path in the image."""
    for path in scripts:
        with open(path, 'rb') as file:
            content = file.read()
        if content.startswith(b'#!') and ROOT.encode() in content:
            with open(path, 'wb') as file:
                file.write(content.replace(ROOT.encode(), b''))


def correct(record, scripts):
    """Gives the scripts their new hashes in a file RECORD of the installed packages (packaging.python.org, "Recording
    installed projects")."""
    site = os.path.dirname(os.path.dirname(record))
    with open(record, newline='') as file:
        rows = list(csv.reader(file))
    for row in rows:
        path = os.path.normpath(os.path.join(site, row[0]))
        if path in scripts:
            with open(path, 'rb') as file:
                content = file.read()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()
            row[1:] = ['sha256=' + digest, str(len(content))]
    with open(record, 'w', newline='') as file:
        csv.writer(file, lineterminator='\n').writerows(rows)


def main():
    for name, value in settings().items():
        os.environ.setdefault(name, value)
    # pip reads no file then (pip's documentation, "Configuration").
    os.environ['PIP_CONFIG_FILE'] = os.devnull
    before = state()
    code = subprocess.call(PIP + ['install', '--no-cache-dir', '--no-compile', '-r', 'requirements.txt'])
    if code != 0:
        sys.exit(code)
    after = state()
    changed = sorted(path for path, fact in after.items() if before.get(path) != fact)
    scripts = {path for path in changed if os.path.dirname(path) == os.path.join(ENVIRONMENT, 'bin')
               and os.path.isfile(path) and not os.path.islink(path)}
    without_root(scripts)
    for path in changed:
        refuse_root(path)
    compiled = []
    for path in changed:
        if path.endswith('.dist-info/WHEEL'):
            refuse_compiled(path)
        elif path.endswith('.dist-info/RECORD'):
            correct(path, scripts)
        elif path.endswith('.py') and os.path.isfile(path) and path not in scripts:
            # The mode of its check is by hash, since all files of an image have one time.
            target = py_compile.compile(path, dfile=in_image(path), quiet=2,
                                        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
            if target:
                compiled.append(target)
    gone = sorted(set(before) - set(after))
    gone = [path for path in gone if os.path.dirname(path) not in gone]
    present = sorted(set(changed) | set(compiled) | {os.path.dirname(path) for path in compiled})
    with open(CHANGES, 'w') as file:
        json.dump({'present': [in_image(path)[1:] for path in present], 'gone': [in_image(path)[1:] for path in gone]},
                  file)
    subprocess.call(PIP + ['freeze'])


if __name__ == '__main__':
    main()
