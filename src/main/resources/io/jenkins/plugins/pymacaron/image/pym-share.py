"""gunicorn's settings where two containers of this service may listen on one port, so that no request gets lost.

Linux spreads new connections over all that listen on a port (SO_REUSEPORT). Those that wait to be accepted are reset
when their listener closes, and those that go to a listener whose workers are not there yet have to wait. So whoever
comes second sends all new connections to the first until its own workers are there, then all to itself: the first has
none left when it ends. The program stays with the port (SO_ATTACH_REUSEPORT_CBPF, socket(7)); an index that nobody has
any more means that Linux chooses by itself again.
"""
import ctypes
import os
import socket
import struct

try:
    from pymacaron.gunicorn import *  # noqa: F401,F403
except ImportError:
    pass

SO_ATTACH_REUSEPORT_CBPF = 51
BPF_RET_K = 0x06
FIRST, SECOND = 0, 1


def send_new_connections_to(index, listeners):
    instructions = ctypes.create_string_buffer(struct.pack('HBBI', BPF_RET_K, 0, 0, index))
    program = struct.pack('HL', 1, ctypes.addressof(instructions))
    for listener in listeners:
        if listener.getsockname()[1] == int(os.environ.get('PORT', '80')):
            try:
                listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, program)
            except OSError:
                pass  # without it Linux chooses, and few requests are at risk


def when_ready(server):
    send_new_connections_to(FIRST, server.LISTENERS)


def post_worker_init(worker):
    send_new_connections_to(SECOND, worker.sockets)
