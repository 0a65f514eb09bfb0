# SPDX-License-Identifier: GPL-3.0-or-later
"""nanomsgevh's other end: a subscriber's socket of libnanomsg itself."""

import ctypes
import threading

from backends import Backend
from tap import Missing

# nanomsg's nn.h, pubsub.h
AF_SP, NN_SUB, NN_SUB_SUBSCRIBE = 1, 33, 1
NN_SOL_SOCKET, NN_RCVTIMEO, NN_RCVMAXSIZE = 0, 5, 16
NN_MSG = ctypes.c_size_t(-1).value
NN_STAT_CURRENT_CONNECTIONS = 201


def library():
    try:
        nn = ctypes.CDLL("libnanomsg.so.5", use_errno=True)
    except OSError:
        raise Missing("libnanomsg is not installed (Debian package libnanomsg5)") from None
    nn.nn_get_statistic.restype = ctypes.c_uint64
    return nn


class Nanomsg(Backend):
    name = handler_name = "nanomsgevh"

    def __init__(self, place):
        super().__init__()
        self.nn = library()
        self.address = f"ipc://{place.path}/nanomsg.ipc"
        self.socket = self.nn.nn_socket(AF_SP, NN_SUB)
        self._set(NN_SUB, NN_SUB_SUBSCRIBE, b"")
        self._set(NN_SOL_SOCKET, NN_RCVTIMEO, ctypes.c_int(100))
        self._set(NN_SOL_SOCKET, NN_RCVMAXSIZE, ctypes.c_int(-1))
        if self.nn.nn_bind(self.socket, self.address.encode()) < 0:
            raise OSError(f"nanomsg cannot bind to {self.address}")
        self.stopping = threading.Event()
        thread = threading.Thread(target=self._receive, daemon=True)
        thread.start()
        place.stack.callback(lambda: self.nn.nn_close(self.socket))
        place.stack.callback(thread.join)
        place.stack.callback(self.stopping.set)

    def _set(self, level, option, value):
        size = len(value) if isinstance(value, bytes) else ctypes.sizeof(value)
        pointer = value if isinstance(value, bytes) else ctypes.byref(value)
        self.nn.nn_setsockopt(self.socket, level, option, pointer, ctypes.c_size_t(size))

    def _receive(self):
        while not self.stopping.is_set():
            buffer = ctypes.c_void_p()
            size = self.nn.nn_recv(self.socket, ctypes.byref(buffer), ctypes.c_size_t(NN_MSG), 0)
            if size >= 0:
                self.put("", ctypes.string_at(buffer, size))
                self.nn.nn_freemsg(buffer)

    def is_connected(self):
        """A PUB socket loses what it is given before."""
        return self.nn.nn_get_statistic(self.socket, NN_STAT_CURRENT_CONNECTIONS) > 0

    def settings(self):
        return {"mode": "connect", "address": self.address}
