"""Bearer tokens: JWT, HS256, audience checked, 300 seconds of leeway, as PyMacaron does it."""
import base64
import hashlib
import hmac
import json
import os
import time

AUDIENCE = 'https://hello.example'
LEEWAY = 300


class AuthError(Exception):
    def __init__(self, code, description):
        super().__init__(description)
        self.code = code


def check_token(request):
    """Raises AuthError unless the request carries a valid token; returns its claims."""
    header = request.headers.get('Authorization')
    if header:
        scheme, _, token = header.partition(' ')
        if scheme.lower() != 'bearer' or not token:
            raise AuthError('TOKEN_INVALID', 'Authorization header is not a bearer token')
    else:
        token = request.cookies.get('token')
    if not token:
        raise AuthError('AUTHORIZATION_HEADER_MISSING', 'There is no Authorization header in the request')
    return decode(token, os.environ['PYM_JWT_SECRET'].encode(), time.time())


def decode(token, secret, now):
    try:
        head, body, signature = token.split('.')
        good = hmac.new(secret, ('%s.%s' % (head, body)).encode(), hashlib.sha256).digest()
        # First of all, so that nothing else is read from a stranger.
        if not hmac.compare_digest(good, _decode64(signature)) or json.loads(_decode64(head))['alg'] != 'HS256':
            raise ValueError('signature')
        claims = json.loads(_decode64(body))
        audience = claims.get('aud')
        if AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
            raise ValueError('audience')
        expires = float(claims['exp'])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AuthError('TOKEN_INVALID', 'The token is not valid') from None
    if expires + LEEWAY < now:
        raise AuthError('TOKEN_EXPIRED', 'The token has expired')
    return claims


def _decode64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
