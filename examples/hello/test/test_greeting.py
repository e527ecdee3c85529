import unittest

from hello.greeting import greet


class GreetingTest(unittest.TestCase):
    def test_greets_by_name(self):
        self.assertEqual(greet('Ada'), 'Hello, Ada!')
