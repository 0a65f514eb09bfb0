# SPDX-License-Identifier: GPL-3.0-or-later
"""gelfevh's other end: a GELF listener as Graylog has, over UDP with chunks and gzip, or over TCP.

No packaged GELF server is small enough for a test, and the format is a page long: this is the only
backend here that is our own.
"""

import contextlib
import gzip
import json
import socket
import threading

from backends import Backend, receive_buffer

CHUNK_MAGIC, GZIP_MAGIC = b"\x1e\x0f", b"\x1f\x8b"
CHUNK_HEADER = 12  # magic 2, message id 8, number 1, count 1


class Gelf(Backend):
    handler_name = "gelfevh"
    kind = None

    def __init__(self, place):
        super().__init__()
        self.socket = socket.socket(socket.AF_INET, self.kind)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.stopping = threading.Event()
        self.socket.settimeout(0.1)
        thread = threading.Thread(target=self._receive, daemon=True)
        place.stack.callback(self.socket.close)
        place.stack.callback(thread.join)
        place.stack.callback(self.stopping.set)
        self._prepare()
        thread.start()

    def _receive(self):
        while not self.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                self._receive_once()

    def settings(self):
        # gelfevh reads "port" as text only.
        return {"backend": "127.0.0.1", "port": str(self.port), "protocol": self.protocol}

    def events(self, messages):
        return [json.loads(message.payload)["full_message"] for message in messages]


class GelfUdp(Gelf):
    name = "gelfevh over UDP"
    otherwise = {"compress": True}
    kind, protocol = socket.SOCK_DGRAM, "udp"

    def _prepare(self):
        self.chunks = {}
        self.datagrams = 0
        receive_buffer(self.socket)

    def _receive_once(self):
        datagram = self.socket.recv(65536)
        self.datagrams += 1
        if datagram.startswith(CHUNK_MAGIC):
            datagram = self._join(datagram)
        if datagram is not None:
            zipped = datagram.startswith(GZIP_MAGIC)
            self.put("udp", gzip.decompress(datagram) if zipped else datagram, "gzip" if zipped else "")

    def _join(self, chunk):
        """The whole message if this was its last missing chunk."""
        message, number, count = chunk[2:10], chunk[10], chunk[11]
        parts = self.chunks.setdefault(message, {})
        parts[number] = chunk[CHUNK_HEADER:]
        if len(parts) < count:
            return None
        del self.chunks[message]
        return b"".join(parts[i] for i in range(count))


class GelfTcp(Gelf):
    name = "gelfevh over TCP"
    kind, protocol = socket.SOCK_STREAM, "tcp"

    def _prepare(self):
        self.socket.listen()

    def _receive_once(self):
        connection, _ = self.socket.accept()
        with connection:
            connection.settimeout(0.1)
            self._receive_messages(connection)

    def _receive_messages(self, connection):
        """Each ends with a NUL."""
        rest = b""
        while not self.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                read = connection.recv(65536)
                if not read:
                    return
                *messages, rest = (rest + read).split(b"\0")
                for message in messages:
                    self.put("tcp", message)
