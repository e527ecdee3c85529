"""Generates the code of a PyMacaron service's APIs, once, while its image is built.

The library writes NAME_models.py and NAME_app.py beside apis/NAME.yaml in every process that loads the service, if they
are missing or older than the yaml (load_api_models_and_endpoints in pymacaron/apiloader.py). In an image, where all files
of the commit have one time, code that was committed with an older yaml would win; and five workers would write one file
at once. So it is all made here, from the yaml alone, and may not be written to afterwards. No code of the service runs.
"""
import importlib.util
import os
import stat
import sys

APIS = 'apis'
# The library's own, whose code it writes into the service's directory of APIs (API.load_builtin_apis).
BUILT_IN = ('ping', 'crash')
MARK = 'auto-generated file'


def yaml_files(directory):
    """The names of the APIs in a directory, by the rules of API.load_apis."""
    for name in sorted(os.listdir(directory)):
        if name.endswith('.yaml') and not name.startswith(('#', '.#', 'pym-config')):
            yield name[:-len('.yaml')]


def is_swagger(path):
    import yaml
    try:
        with open(path) as file:
            content = yaml.safe_load(file)
    except (yaml.YAMLError, ValueError) as e:
        raise SystemExit('ERROR: %s is no YAML: %s' % (path, ' '.join(str(e).split())))
    return isinstance(content, dict) and 'swagger' in content


def generated(path):
    """Whether the library wrote this file."""
    try:
        with open(path, errors='replace') as file:
            return MARK in file.readline()
    except FileNotFoundError:
        return False


def replace(path, write, yaml_path):
    """Writes a file anew. What cannot be made fails, with the reason, where the service loads it and not before: an API
    that a service only knows as a client need not be fit to be served."""
    if os.path.lexists(path):
        os.remove(path)
    try:
        write()
    except Exception as e:
        reason = '%s: %s: %s' % (yaml_path, type(e).__name__, ' '.join(str(e).split()))
        print('warning: nothing is generated for ' + reason)
        with open(path, 'w') as file:
            file.write('# This is an auto-generated file - DO NOT EDIT!!!\nraise Exception(%r)\n' % reason)
    if os.path.exists(path):
        os.chmod(path, stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)


def generate(apiloader, name, yaml_path, directory, endpoints):
    import yaml
    models, app = (os.path.join(directory, name + kind) for kind in ('_models.py', '_app.py'))
    with open(yaml_path) as file:
        swagger = yaml.load(file, Loader=yaml.FullLoader)
    replace(models, lambda: apiloader.generate_models_v2(swagger, models, name), yaml_path)
    if endpoints:
        replace(app, lambda: apiloader.generate_endpoints_v2(swagger, app, models, name), yaml_path)
    print('generated the code of ' + yaml_path)


def main():
    try:
        spec = importlib.util.find_spec('pymacaron')
    except ValueError:
        spec = None
    if spec is None or not os.path.isdir(APIS):
        return
    try:
        from pymacaron import apiloader
    except ImportError as e:
        if getattr(e, 'name', None) == 'pymacaron.apiloader' or 'apiloader' in str(e):
            return  # before its version 2 the library keeps all in memory
        raise SystemExit('ERROR: the library pymacaron cannot be loaded: %s: %s' % (type(e).__name__, e))
    if not hasattr(apiloader, 'generate_models_v2'):
        return
    own = [name for name in yaml_files(APIS) if is_swagger(os.path.join(APIS, name + '.yaml'))]
    for name in own:
        generate(apiloader, name, os.path.join(APIS, name + '.yaml'), APIS, True)
    library = os.path.dirname(apiloader.__file__)
    for name in BUILT_IN:
        path = os.path.join(library, name + '.yaml')
        if name not in own and os.path.exists(path):
            generate(apiloader, name, path, APIS, True)
    # APIs elsewhere, such as those of services that this one calls: those whose code was once generated.
    for directory, names, _ in os.walk('.'):
        names[:] = sorted(set(names) - {'virtenv', '.git', 'node_modules', '__pycache__'})
        if os.path.normpath(directory) == APIS:
            continue
        for name in yaml_files(directory):
            models, app = (os.path.join(directory, name + kind) for kind in ('_models.py', '_app.py'))
            if generated(models):
                generate(apiloader, name, os.path.join(directory, name + '.yaml'), directory, generated(app))


if __name__ == '__main__':
    sys.path[0] = os.getcwd()  # as gunicorn has it, so that a library that is part of the service comes first here too
    main()
