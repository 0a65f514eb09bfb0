# SPDX-License-Identifier: GPL-3.0-or-later
"""wsevh's other end: a WebSocket server of the Python package websockets."""

import asyncio
import threading

from backends import Backend, module
from harness import await_true

SUBPROTOCOL = "janus-event-handlers"  # wsevh's own, where none is configured


class WebSocket(Backend):
    name = handler_name = "wsevh"
    otherwise = {"grouping": True}

    def __init__(self, place, reads=True):
        super().__init__()
        self.reads = reads
        self.closed = threading.Event()  # some connection was
        self.websockets = module("websockets", "python3-websockets")
        self.port = None
        self.loop = asyncio.new_event_loop()
        self.ended = self.reading = None
        started = threading.Event()
        thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        thread.start()
        started.wait()
        place.stack.callback(thread.join)
        place.stack.callback(lambda: self.loop.call_soon_threadsafe(self.ended.set))

    def _run(self, started):
        self.loop.run_until_complete(self._serve(started))

    async def _serve(self, started):
        self.ended, self.reading = asyncio.Event(), asyncio.Event()
        if self.reads:
            self.reading.set()
        async with self.websockets.serve(self._take_frames, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL],
                                         max_size=None, max_queue=16) as server:
            self.port = server.sockets[0].getsockname()[1]
            started.set()
            await self.ended.wait()

    async def _take_frames(self, connection, path):
        await self.reading.wait()
        try:
            async for frame in connection:
                kind = "text" if isinstance(frame, str) else "binary"
                self.put(path, frame.encode() if kind == "text" else frame,
                         f"{kind}, {connection.subprotocol}")
        except self.websockets.exceptions.ConnectionClosed:
            pass  # Janus just ends
        self.closed.set()

    def read_on(self):
        """Take what has been sent: until now nothing was read beyond what fits into buffers."""
        self.loop.call_soon_threadsafe(self.reading.set)

    def await_closed(self):
        """Wait until all was read that a handler has sent before it ended."""
        await_true(self.closed.is_set, "the handler's connection has ended")

    def settings(self):
        return {"backend": f"ws://127.0.0.1:{self.port}/evj-events"}
