"""gunicorn's settings where two containers of this service may listen on one port, so that no request gets lost.

Linux spreads new connections over all that listen on a port (SO_REUSEPORT). Those that wait to be accepted are reset
when their listener closes, and those that go to a listener whose workers are not there yet have to wait. So the one that
comes second sends all new connections to the first until its own workers are there, then all to itself: the first has
none left when it ends. A second that ends before the first, when a promotion is undone, sends them back to the first and
answers those that wait before it closes. The program stays with the port (SO_ATTACH_REUSEPORT_CBPF, socket(7)); an index
that no socket has any more means that Linux chooses by itself again.
"""
import ctypes
import os
import socket
import struct
import time

try:
    from pymacaron.gunicorn import *  # noqa: F401,F403
except ImportError:
    pass

SO_ATTACH_REUSEPORT_CBPF = 51
BPF_RET_K = 0x06
FIRST, SECOND = 0, 1
LISTEN = '0A'
PORT = int(os.environ.get('PORT', '80'))
# How long those that wait may take to be accepted, in seconds; less than the ten that Docker grants to the whole end.
PATIENCE = 5
before = set()


def of_the_port(listeners):
    return [listener for listener in listeners if listener.getsockname()[1] == PORT]


def send_new_connections_to(index, listeners):
    instructions = ctypes.create_string_buffer(struct.pack('HBBI', BPF_RET_K, 0, 0, index))
    program = struct.pack('HL', 1, ctypes.addressof(instructions))
    for listener in of_the_port(listeners):
        try:
            listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, program)
        except OSError:
            pass  # without it Linux chooses, and few requests are at risk


def sharing(listeners):
    """Splits what listens at the same address and port into these and the others: by its inode, how many connections wait
    to be accepted (proc(5)). What listens at the port of another address is none of them: Linux shares none with it."""
    inodes = {os.fstat(listener.fileno()).st_ino for listener in of_the_port(listeners)}
    found = {}
    for table in ('/proc/self/net/tcp', '/proc/self/net/tcp6'):
        try:
            with open(table) as lines:
                for fields in (line.split() for line in lines):
                    if fields[3] == LISTEN:
                        found[int(fields[9])] = (fields[1], int(fields[4].split(':')[1], 16))
        except OSError:
            pass
    own = {inode: found[inode][1] for inode in inodes if inode in found}
    places = {found[inode][0] for inode in own}
    others = {inode: waiting for inode, (place, waiting) in found.items() if place in places and inode not in own}
    return own, others


def make_way(listeners):
    """Leaves new connections to the other one, if there is one, and waits until those of its own are accepted."""
    others = sharing(listeners)[1]
    if not others:
        return
    send_new_connections_to(FIRST if before.intersection(others) else SECOND, listeners)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and any(sharing(listeners)[0].values()):
        time.sleep(0.01)


def when_ready(server):
    before.update(sharing(server.LISTENERS)[1])
    send_new_connections_to(FIRST, server.LISTENERS)
    stop = server.stop

    def stop_after_making_way(*args, **kwargs):
        try:
            make_way(server.LISTENERS)
        except Exception:  # the server has to end in any case
            server.log.exception('new connections could not be left to the other container')
        stop(*args, **kwargs)

    server.stop = stop_after_making_way


def post_worker_init(worker):
    send_new_connections_to(SECOND, worker.sockets)
