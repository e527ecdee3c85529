"""Makes a large repository of a small service, and says how long git took of a command that calls it."""
import os
import shutil
import subprocess
from pathlib import Path

FILES = 50_000
COMMITS = 20_000
PER_DIRECTORY = 100


def data(text):
    content = text.encode()
    return b'data %d\n%s\n' % (len(content), content)


def stream(branch):
    """For git fast-import: one commit with all files, and then one after the other that changes a single file."""
    for number in range(COMMITS):
        yield b'commit %s\ncommitter Bench <bench@example.org> %d +0000\n' % (branch, 1_700_000_000 + number)
        yield data(f'Change {number}')
        if number == 0:
            yield b'from %s^0\n' % branch
        for file in range(FILES) if number == 0 else (number * 7919 % FILES,):
            yield b'M 100644 inline data/d%d/file%d.txt\n' % (file // PER_DIRECTORY, file)
            yield data(f'file {file} of commit {number}\n' * 8)


def make(service, into, branch='main'):
    """A clone of the service with a long history and 50,000 files more."""
    subprocess.run(['git', 'clone', '--quiet', '--no-hardlinks', service, into], check=True, timeout=600)
    subprocess.run(['git', 'checkout', '--quiet', '-B', branch], cwd=into, check=True, timeout=600)
    importing = subprocess.Popen(['git', 'fast-import', '--quiet'], cwd=into, stdin=subprocess.PIPE)
    with importing.stdin as to:
        for part in stream(f'refs/heads/{branch}'.encode()):
            to.write(part)
    if importing.wait(600) != 0:
        raise SystemExit('git fast-import failed')
    subprocess.run(['git', 'reset', '--quiet', '--hard'], cwd=into, check=True, timeout=600)


def timing_git(directory, log):
    """A git that appends to a file when it began and when it ended, in nanoseconds."""
    directory.mkdir()
    program = directory / 'git'
    program.write_text('#!/bin/sh\nbegun=$(date +%s%N)\n'
                       f'{shutil.which("git")} "$@"\ncode=$?\n'
                       f'echo "$begun $(date +%s%N)" >>"{log}"\nexit $code\n')
    program.chmod(0o755)
    return dict(os.environ, PATH=f'{directory}:{os.environ["PATH"]}')


def seconds(log):
    """How long at least one git ran."""
    total = end = 0
    for begun, ended in sorted(tuple(map(int, line.split())) for line in Path(log).read_text().splitlines()):
        total += max(0, ended - max(begun, end))
        end = max(end, ended)
    return total / 1e9
