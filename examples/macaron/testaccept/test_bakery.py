"""Black-box tests with the helpers of the library, which read PYM_SERVER_HOST, PYM_SERVER_PORT and PYM_JWT_TOKEN."""
import time

from pymacaron.test import PyMacaronTestCase

PATIENCE = 60


class BuiltInTest(PyMacaronTestCase):
    def test_ping(self):
        self.assertHasPing()

    def test_version(self):
        self.assertEqual(self.assertHasVersion()['apis'], ['bakery', 'ping'])

    def test_auth_version(self):
        self.assertHasAuthVersion()


class OrderTest(PyMacaronTestCase):
    def order(self, flavour, count):
        order = {'flavour': flavour, 'count': count}
        return self.assertPostReturnJson('orders', order, auth='Bearer %s' % self.token)

    def test_nobody_orders_without_a_token(self):
        self.assertPostReturnError(
            'orders', {'flavour': 'lemon', 'count': 1}, 401, 'AUTHORIZATION_HEADER_MISSING')

    def test_an_order_is_baked_by_a_task_of_this_very_deployment(self):
        receipt = self.order('pistachio', 3)
        self.assertEqual(receipt['price'], 660)
        until = time.time() + PATIENCE
        while True:
            found = self.assertGetReturnJson('orders/' + receipt['number'])
            if found['state'] == 'baked':
                break
            self.assertLess(time.time(), until, 'not baked in %d s' % PATIENCE)
            time.sleep(0.2)
        self.assertEqual(found['price'], 660)

    def test_what_was_not_ordered_is_not_there(self):
        self.assertGetReturnError('orders/' + '0' * 32, 404, 'NO_SUCH_ORDER')
