import base64
import hashlib
import hmac
import json
import unittest

from hello.auth import AUDIENCE, AuthError, decode

SECRET = b'a secret'


def encode64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def token(algorithm='HS256', secret=SECRET, **claims):
    parts = '%s.%s' % (encode64(json.dumps({'alg': algorithm}).encode()), encode64(json.dumps(claims).encode()))
    return '%s.%s' % (parts, encode64(hmac.new(secret, parts.encode(), hashlib.sha256).digest()))


class AuthTest(unittest.TestCase):
    def assert_refused(self, code, text):
        with self.assertRaises(AuthError) as refused:
            decode(text, SECRET, now=1000)
        self.assertEqual(refused.exception.code, code)

    def test_accepts_a_good_token(self):
        self.assertEqual(decode(token(aud=AUDIENCE, exp=1001, sub='me'), SECRET, now=1000)['sub'], 'me')

    def test_refuses_other_tokens(self):
        self.assert_refused('TOKEN_INVALID', 'no token')
        self.assert_refused('TOKEN_INVALID', token(aud=AUDIENCE, exp=1001, secret=b'another'))
        self.assert_refused('TOKEN_INVALID', token(aud=AUDIENCE, exp=1001, algorithm='none'))
        self.assert_refused('TOKEN_INVALID', token(aud='somebody else', exp=1001))

    def test_says_when_a_token_has_expired(self):
        self.assert_refused('TOKEN_EXPIRED', token(aud=AUDIENCE, exp=699))
