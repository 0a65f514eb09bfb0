# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests do with a Janus over its HTTP interface, to make it emit events."""

import os

# Text and numbers that are easy to get wrong on the way through a serialiser.
ODD_DATA = {
    "quote": 'a "b" \\ / c', "control": "\u0000\u0001\u001f\n\t\u007f", "umlaut": "größe", "astral": "\U0001f4de",
    "zero": 0, "least": -9223372036854775808, "most": 9223372036854775807, "real": 0.1, "whole": 3.0,
    "tiny": 5e-324, "huge": 1.7976931348623157e308, "yes": True, "no": False, "nothing": None,
    "empty": {}, "list": [], "nested": [[[{"a": [1, {"b": {}}]}]]], "": "no name",
}


def without_nul(data):
    """Janus's JSON parser refuses U+0000 in requests; everything else stays."""
    return {key: value.replace("\u0000", "") if isinstance(value, str) else value
            for key, value in data.items()}


def one_call(janus, opaque_id="caller", plugin="echotest"):
    """A session that attaches, sends a message, detaches and ends. Returns its id."""
    session = janus.session()
    handle = session.attach(plugin, opaque_id)
    if plugin == "echotest":
        session.message(handle, {"audio": True, "video": False})
    session.detach(handle)
    session.destroy()
    return session.id


def marked(number):
    """Data of a custom event that the test can find again."""
    return {"number": number, "text": "x" * 100}


def custom_events(janus, count, first=0):
    for number in range(first, first + count):
        janus.custom_event("evj.test", marked(number))


def noisy_events(janus, count, first=0):
    """The same, of 1 KB that does not compress, so that they need room on the disk."""
    for number in range(first, first + count):
        janus.custom_event("evj.noise", {"number": number, "noise": os.urandom(1000).hex()})
