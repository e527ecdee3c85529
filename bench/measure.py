"""Measures pymdeploy against what is done by hand. Started by bench/run, which has set up all that it needs."""
import argparse
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import large

LIMIT = 600


def seconds(duration):
    """Of a duration as java.time.Duration writes it, such as PT1M2.5S."""
    hours, minutes, rest = re.fullmatch(r'PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?', duration).groups()
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(rest or 0)


class Bench:
    def __init__(self, args):
        self.args = args
        self.service = Path(args.service)
        self.calls = Path(args.work, 'calls')
        self.values = {}
        self.environment = dict(os.environ, PATH=f'{self.counting_programs()}:{os.environ["PATH"]}')

    def counting_programs(self):
        """A directory with a docker and a git that write each call down and do it."""
        directory = Path(self.args.work, 'counting')
        directory.mkdir()
        for program in ('docker', 'git'):
            file = directory / program
            file.write_text(f'#!/bin/sh\necho {program} >>"{self.calls}"\nexec {shutil.which(program)} "$@"\n')
            file.chmod(0o755)
        return directory

    def note(self, name, value):
        self.values.setdefault(name, []).append(value)

    def timed(self, argv, environment=None, cwd=None, first=None):
        """Seconds, processor seconds, output, and the seconds until a line that begins with `first`."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.monotonic()
        process = subprocess.Popen([str(a) for a in argv], cwd=cwd or self.service, env=environment, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lines = []
        seen = None
        for line in process.stdout:
            if seen is None and first and line.startswith(first):
                seen = time.monotonic() - begun
            lines.append(line)
        code = process.wait(LIMIT)
        took = time.monotonic() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = ''.join(lines)
        if code != 0:
            sys.exit(f'{" ".join(map(str, argv))} ended with {code}:\n{output}')
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return took, processor, output, seen

    def change(self, content):
        with open(self.service / 'hello/greeting.py', 'a') as greeting:
            greeting.write(f'# {content}\n')
        self.git('add', '-A')
        self.git('-c', 'user.name=Bench', '-c', 'user.email=bench@example.org', 'commit', '-qm', content)

    def git(self, *arguments):
        self.timed(['git', *arguments])

    def by_hand(self, kind, *options):
        """The build alone, and then its push."""
        tag = f'{self.args.registry}/by-hand/hello-bench:latest'
        engine = os.environ.get('PYM_ENGINE_NETWORK') == 'host'
        build, *_ = self.timed(['docker', 'build', '--quiet', *options, '--build-arg', f'BASE={self.args.base}',
                                *(['--network', 'host'] if engine else []), '--tag', tag,
                                '--file', Path(self.args.home, 'bench/Dockerfile.by-hand'), '.'])
        push, *_ = self.timed(['docker', 'push', '--quiet', tag])
        self.note(f'{kind}: docker build by hand, s', build)
        self.note(f'{kind}: docker build and push by hand, s', build + push)

    def deploy(self, kind, *options):
        self.calls.write_text('')
        report = Path(self.args.work, 'report')
        took, processor, output, first = self.timed(
            [Path(self.args.home, 'bin/pymdeploy'), '--python', sys.executable, '--report', report, *options],
            self.environment, first='Commit ')
        all_ms, own_ms = map(int, re.search(r'^Time: (\d+) ms, (\d+) ms', output, re.M).groups())
        calls = self.calls.read_text().split()
        self.note(f'{kind}: pymdeploy, s', took)
        self.note(f'{kind}: processor time with all clients, s', processor)
        self.note(f'{kind}: own overhead, s', took - all_ms / 1000 + own_ms / 1000)
        self.note(f'{kind}: calls of docker', calls.count('docker'))
        self.note(f'{kind}: calls of git', calls.count('git'))
        self.note(f'{kind}: first useful line, s', first)
        summary = json.loads((report / 'summary.json').read_text())
        for stage in summary['stages']:
            if stage['key'] == 'build':
                self.note(f'{kind}: build stage, s', seconds(stage['duration']))

    def start(self):
        took, processor, *_ = self.timed([Path(self.args.home, 'bin/pymdeploy'), '--version'])
        self.note('start: pymdeploy --version, s', took)
        took, *_ = self.timed([self.args.java, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-version'])
        self.note('start: java -version, s', took)

    def mask(self):
        build = Path(self.args.home, 'target/central')
        _, _, output, _ = self.timed([self.args.java, '-cp', f'{build}/pymacaron-engine.jar:{build}/lib/*',
                                      Path(self.args.home, 'bench/MaskThroughput.java')])
        masked, copied = map(float, output.split())
        self.note('mask: ten secrets, MB/s of a core', masked)
        self.note('mask: copied alone, MB/s of a core', copied)

    def without_engine(self):
        """The same service with builder: layers, first with an empty cache."""
        base = f'{self.args.registry}/by-hand/base:bench'
        self.timed(['docker', 'tag', self.args.base, base])
        self.timed(['docker', 'push', '--quiet', base])
        self.timed(['docker', 'rmi', base])
        config = self.service / 'pym-config.yaml'
        text = re.sub('(?m)^docker_base:.*', f'docker_base: {base}\\nbuilder: layers', config.read_text())
        config.write_text(text)
        self.environment['XDG_CACHE_HOME'] = str(Path(self.args.work, 'cache'))
        self.change('builder: layers')
        self.deploy('layers, first')
        for number in range(self.args.rounds):
            self.change(f'layers {number}')
            self.by_hand('beside layers')
            self.deploy('layers, changed')

    def large(self):
        """Of a plan of the same service in a large repository: what git does, and what it takes beyond that."""
        work = Path(self.args.work)
        service = work / 'large'
        log = work / 'gits'
        large.make(self.service, service)
        environment = large.timing_git(work / 'timing', log)
        for number in range(self.args.rounds + 1):
            log.write_text('')
            took, *_ = self.timed([Path(self.args.home, 'bin/pymdeploy'), '--plan', '--python', sys.executable],
                                  environment, cwd=service)
            if number:
                git = large.seconds(log)
                self.note('large: pymdeploy --plan, s', took)
                self.note('large: git, s', git)
                self.note('large: beyond git, s', took - git)
        shutil.rmtree(service)

    def acceptance(self):
        """Eight files of tests that take a second each, in one process and in four."""
        work = Path(self.args.work, 'slow')
        (work / 'testaccept').mkdir(parents=True)
        for number in range(8):
            test = work / f'testaccept/test_{number}.py'
            test.write_text('import time\n\n\ndef test_slow():\n    time.sleep(1)\n')
        build = Path(self.args.home, 'target/central')
        for parallel, autoload in ((1, ''), (4, ''), (4, '1')):
            # Without what installs itself, pytest has no pytest-xdist.
            environment = dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD=autoload)
            _, _, output, _ = self.timed([self.args.java, '-cp', f'{build}/pymacaron-engine.jar:{build}/lib/*',
                                          Path(self.args.home, 'bench/AcceptanceTime.java'), sys.executable, work,
                                          parallel], environment)
            took, xdist = output.split()
            how = 'one process' if parallel == 1 else 'pytest-xdist, 4' if xdist == 'true' else 'shares of files, 4'
            self.note(f'acceptance: 8 files of 1 s, {how}, s', float(took))

    def run(self):
        self.deploy('first')
        self.by_hand('first')
        for number in range(self.args.rounds):
            self.start()
            self.change(f'round {number}')
            self.by_hand('changed')
            self.deploy('changed')
            self.by_hand('unchanged')
            self.deploy('unchanged')
        self.by_hand('afresh', '--no-cache')
        self.deploy('afresh', '--force-build')
        self.mask()
        self.without_engine()
        self.large()
        self.acceptance()

    def medians(self):
        return {name: round(statistics.median(values), 3) for name, values in self.values.items()}


RATIOS = (
    ('one-line change, against docker build and push by hand',
     'changed: pymdeploy, s', 'changed: docker build and push by hand, s'),
    ('build stage after a one-line change, against docker build',
     'changed: build stage, s', 'changed: docker build by hand, s'),
    ('build stage without a cache, against docker build --no-cache',
     'afresh: build stage, s', 'afresh: docker build by hand, s'),
    ('builder: layers, build stage after a one-line change, against docker build and push',
     'layers, changed: build stage, s', 'beside layers: docker build and push by hand, s'),
    ('builder: layers, build stage with an empty cache, against docker build --no-cache and push',
     'layers, first: build stage, s', 'afresh: docker build and push by hand, s'),
    ('unchanged, against docker build and push by hand',
     'unchanged: pymdeploy, s', 'unchanged: docker build and push by hand, s'),
    ('unchanged, against a one-line change', 'unchanged: pymdeploy, s', 'changed: pymdeploy, s'),
    ('start of the process, against that of the bare JVM', 'start: pymdeploy --version, s', 'start: java -version, s'),
    ('masking, against copying', 'mask: copied alone, MB/s of a core', 'mask: ten secrets, MB/s of a core'),
)


def machine(java):
    model = re.search(r'^model name\s*: (.*)', Path('/proc/cpuinfo').read_text(), re.M)
    memory = re.search(r'^MemTotal:\s*(\d+)', Path('/proc/meminfo').read_text(), re.M)
    version = subprocess.run([java, '-version'], capture_output=True, text=True, timeout=60).stderr.splitlines()[0]
    engine = subprocess.run(['docker', 'version', '--format', '{{.Server.Version}}'], capture_output=True, text=True,
                            timeout=60)
    return {
        'processor': model.group(1) if model else platform.machine(),
        'cores': len(os.sched_getaffinity(0)),
        'memory, GB': round(int(memory.group(1)) / 1e6, 1) if memory else None,
        'system': f'{platform.system()} {platform.machine()}',
        'java': version,
        'docker': engine.stdout.strip(),
    }


def main():
    parser = argparse.ArgumentParser()
    for name in ('home', 'service', 'registry', 'base', 'java', 'work', 'results'):
        parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--rounds', type=int, required=True)
    args = parser.parse_args()
    load = os.getloadavg()[0]
    bench = Bench(args)
    bench.run()
    medians = bench.medians()
    ratios = {text: round(medians[a] / medians[b], 2) for text, a, b in RATIOS}
    results = {
        'machine': machine(args.java),
        'load': {'before': round(load, 2), 'after': round(os.getloadavg()[0], 2)},
        'rounds': args.rounds,
        'ratios': ratios,
        'medians': medians,
        'all': {name: [round(value, 3) for value in values] for name, values in bench.values.items()},
    }
    Path(args.results).write_text(json.dumps(results, indent=2) + '\n')
    for title, rows in (('Ratio, of medians of one run', ratios), ('Median', medians)):
        print(f'\n| {title} | |\n|---|---|')
        for text, value in rows.items():
            print(f'| {text} | {json.dumps(value)} |')
    print(f'\nLoad of the machine {results["load"]["before"]} before, {results["load"]["after"]} after. {args.results}')


if __name__ == '__main__':
    main()
