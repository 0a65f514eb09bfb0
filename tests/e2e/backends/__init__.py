# SPDX-License-Identifier: GPL-3.0-or-later
"""What Debian's event handlers deliver to: real servers and subscribers, on free loopback ports.

One module for each handler, with one class that starts the other end of it, says how the handler must be
configured to find it, and keeps every message as it arrived.
"""

import collections
import importlib
import json
import socket

from evj import event_lines, run
from harness import TimedOut, await_true
from janus import bundled
from tap import Missing

# `topic`: the topic, routing key or path; `how`: what else the receiver is told, such as a content type.
Message = collections.namedtuple("Message", "topic payload how")


def module(name, package):
    """An import that may be missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Missing(f"the Python module {name} is not installed (Debian package {package})") from None


def receive_buffer(sock, size=8 << 20):
    """Room for a burst of datagrams: beyond what the system allows anybody, where we are root."""
    for option in (getattr(socket, "SO_RCVBUFFORCE", 33), socket.SO_RCVBUF):
        try:
            sock.setsockopt(socket.SOL_SOCKET, option, size)
            return
        except OSError:
            continue


class Backend:
    """Base of all: the messages that have arrived, in order, and what they say."""

    handler_name = None  # "mqttevh"
    name = None  # the same, or more where there are several for one handler
    otherwise = {}  # settings that deliver the same events in another form

    def __init__(self):
        self.messages = []
        self.taken = 0

    def put(self, topic, payload, how=""):
        """One message has arrived. From any thread."""
        self.messages.append(Message(topic, bytes(payload), how))

    def settings(self):
        """What the handler's configuration must say, beside `enabled` and `events`."""
        raise NotImplementedError

    def handler(self, **settings):
        """The handler for Janus's list or a replay's: {library: settings}."""
        defaults = {"enabled": True, "events": "all", "json": "compact"}
        return {bundled("events", self.handler_name): {**defaults, **self.settings(), **settings}}

    def events(self, messages):
        """The events that messages hold, as the core had handed them over."""
        found = [json.loads(message.payload) for message in self.of_events(messages)]
        return [event for each in found for event in (each if isinstance(each, list) else [each])]

    def of_events(self, messages):
        """Those that hold events."""
        return messages

    def await_count(self, count):
        """Wait until this many events have come since the last take()."""
        try:
            await_true(lambda: len(self.events(self.untaken())) >= count,
                       f"{self.name} has delivered {count} events")
        except TimedOut as failure:
            raise TimedOut(f"{failure}; it has delivered {len(self.events(self.untaken()))}") from None

    def await_all_of(self, journal):
        """Wait until as many events have come as this journal holds by now."""
        self.await_count(len(event_lines(journal)))

    def untaken(self):
        return self.messages[self.taken:]

    def journal(self, path):
        """What has come since the last take(), as a journal for --expect: payload by payload, as it came."""
        payloads = [message.payload for message in self.of_events(self.untaken())]
        run("record", "--stdin", "-o", path, stdin=b"\n".join(payloads))
        return path

    def take(self):
        """The messages since the last take()."""
        messages = self.untaken()
        self.taken += len(messages)
        return messages
