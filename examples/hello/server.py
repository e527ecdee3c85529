"""A PyMacaron-shaped service without PyMacaron: /ping, /version, /auth/version, and an endpoint of its own."""
import os

from flask import Flask, jsonify, request

from hello.auth import AuthError, check_token
from hello.greeting import greet

app = Flask(__name__)


def read_version():
    """The image's build writes /pym/VERSION; outside an image there is none."""
    try:
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'VERSION')) as f:
            return f.read().strip()
    except FileNotFoundError:
        return 'local'


def version_body():
    return jsonify(
        name='hello',
        version=read_version(),
        apis=['hello', 'ping'],
        pym_env=os.environ.get('PYM_ENV', ''),
    )


@app.get('/ping')
def ping():
    return jsonify({})


@app.get('/version')
def version():
    return version_body()


@app.get('/auth/version')
def auth_version():
    check_token(request)
    return version_body()


@app.get('/hello/<name>')
def hello(name):
    return jsonify(greeting=greet(name))


@app.errorhandler(AuthError)
def auth_error(error):
    body = jsonify(status=401, error=error.code, error_description=str(error))
    return body, 401


if __name__ == '__main__':
    app.run(port=int(os.environ.get('PORT', 8080)))
