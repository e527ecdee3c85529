"""What the service is for."""


def greet(name):
    return 'Hello, %s!' % name
