"""The endpoints of apis/bakery.yaml."""
import os
import re
import tempfile
from uuid import uuid4

from pymacaron import apipool
from pymacaron.exceptions import PyMacaronException
from pymacaron_async import asynctask

from bakery.prices import price


class NoSuchOrder(PyMacaronException):
    code = 'NO_SUCH_ORDER'
    status = 404


def shelf(number):
    """Where an order lies, for all processes of this container."""
    if not re.fullmatch('[0-9a-f]{32}', number):
        raise NoSuchOrder('no order has that number')
    return os.path.join(tempfile.gettempdir(), 'order-' + number)


def put(number, state, cents):
    path = shelf(number)
    with open(path + '.new', 'w') as file:
        file.write('%s %d' % (state, cents))
    os.replace(path + '.new', path)


@asynctask()
def bake(number, cents):
    put(number, 'baked', cents)


def order(body):
    number = uuid4().hex
    cents = price(body.flavour, body.count)
    put(number, 'ordered', cents)
    bake(number, cents)
    return apipool.bakery.Receipt(number=number, state='ordered', price=cents)


def look(number):
    try:
        with open(shelf(number)) as file:
            state, cents = file.read().split()
    except FileNotFoundError:
        raise NoSuchOrder('no order has that number')
    return apipool.bakery.Receipt(number=number, state=state, price=int(cents))
