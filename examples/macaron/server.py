"""A bakery, served by PyMacaron: gunicorn runs app, celery loads start()."""
import logging
import os

from flask import Flask

from pymacaron import API, letsgo
from pymacaron.config import get_config

app = Flask(__name__)
log = logging.getLogger(__name__)


def report(title=None, data=None, exception=None):
    """Gets what went wrong within requests and tasks."""
    log.error('%s: %s', title, exception)


def start(port=80, debug=False):
    here = os.path.dirname(os.path.abspath(__file__))
    # The library does this by itself for "python server.py" alone.
    get_config().load_pym_config(path=here)
    api = API(app, port=port, debug=debug, error_reporter=report)
    api.load_apis(os.path.join(here, 'apis'))
    api.start()


letsgo(__name__, callback=start)
