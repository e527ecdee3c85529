"""Prices in cents."""

PRICES = {'lemon': 180, 'pistachio': 220}


def price(flavour, count):
    if count < 1:
        raise ValueError('at least one macaron, please')
    return PRICES[flavour] * count
