import unittest

from bakery.prices import price


class PricesTest(unittest.TestCase):
    def test_many_cost_more(self):
        self.assertEqual(price('lemon', 2), 360)

    def test_none_is_no_order(self):
        with self.assertRaises(ValueError):
            price('lemon', 0)
