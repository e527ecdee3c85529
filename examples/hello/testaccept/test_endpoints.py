"""Black-box tests of a running service: in a container, on staging and on live."""
import json
import os
import ssl
import unittest
import urllib.error
import urllib.request

HOST = os.environ['PYM_SERVER_HOST']
PORT = int(os.environ['PYM_SERVER_PORT'])
BASE = '%s://%s:%d' % ('https' if PORT == 443 else 'http', HOST, PORT)


def get(path, **headers):
    """Returns status and parsed body."""
    context = ssl._create_unverified_context() if os.environ.get('NO_SSL_CHECK') else None
    request = urllib.request.Request(BASE + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10, context=context) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


class EndpointsTest(unittest.TestCase):
    def test_ping(self):
        self.assertEqual(get('/ping'), (200, {}))

    def test_version(self):
        status, body = get('/version')
        self.assertEqual(status, 200)
        self.assertEqual(body['name'], 'hello')
        self.assertEqual(sorted(body), ['apis', 'name', 'pym_env', 'version'])

    def test_hello(self):
        self.assertEqual(get('/hello/Ada'), (200, {'greeting': 'Hello, Ada!'}))


class AuthVersionTest(unittest.TestCase):
    def test_without_a_token(self):
        status, body = get('/auth/version')
        self.assertEqual((status, body['error']), (401, 'AUTHORIZATION_HEADER_MISSING'))

    def test_with_a_bad_token(self):
        status, body = get('/auth/version', Authorization='Bearer nonsense')
        self.assertEqual((status, body['error']), (401, 'TOKEN_INVALID'))

    def test_with_a_good_token(self):
        status, body = get('/auth/version', Authorization='Bearer ' + os.environ['PYM_JWT_TOKEN'])
        self.assertEqual(status, 200)
        self.assertEqual(body, get('/version')[1])
