# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts under test: the command evj and the recorder, as built (paths from the environment)."""

import gzip
import json
import os
import pathlib
import re
import signal
import subprocess

from harness import await_true, free_ports, is_listening
from janus import bundled
from tap import Missing

EVJ = os.environ.get("EVJ_BIN", "evj")
RECORDER = os.path.abspath(os.environ.get("EVJ_RECORDER", "libjanus_journalevh.so"))
DATA = pathlib.Path(os.environ.get("EVJ_TEST_DATA", "tests/data"))


CORE = 256
LAST_WORDS = {2, 8, 16, 32, 64}  # types of the events of handles
COLOUR = re.compile(r"\x1b\[\d+m")


class CommandFailed(Exception):
    pass


def run(*arguments, stdin=None, status=0, timeout=120):
    """Run a command of evj. `status`: what it must exit with, None for any."""
    argv = [EVJ, *map(str, arguments)]
    done = subprocess.run(argv, input=stdin or b"", capture_output=True, timeout=timeout, check=False)
    if status is not None and done.returncode != status:
        raise CommandFailed(f"{' '.join(argv)}\nexit {done.returncode}, expected {status}\n"
                            + done.stderr.decode(errors="replace")
                            + done.stdout.decode(errors="replace")[-2000:])
    return done


def event_lines(*journals):
    """The events of journals as bytes, one a line, in order. Empty as long as there is none."""
    return run("cat", "--format", "event", *journals, status=None).stdout.splitlines()


def records(journal):
    return [json.loads(line) for line in
            run("cat", "--format", "record", journal).stdout.splitlines()]


def first_line(journal):
    """What a journal says of itself, as any program would read it."""
    with gzip.open(journal) as lines:
        return json.loads(lines.readline())["journal"]


def last_line(journal):
    """The last line of the file, read as any program would: an end record if it was closed on purpose."""
    with gzip.open(journal) as lines:
        for line in lines:
            pass
    return json.loads(line)


def is_event(line, event_type, **wanted):
    """Is this line an event of the type, with these values in its body?"""
    event = json.loads(line)
    body = event["event"] if isinstance(event["event"], dict) else {}
    return event["type"] == event_type and all(body.get(k) == v for k, v in wanted.items())


def numbers(*journals):
    """The numbers of the test's own custom events (calls.py) that evj sees now, in order."""
    events = map(json.loads, event_lines(*journals))
    return [event["event"]["data"]["number"] for event in events if event["type"] == 4]


def shutdowns(events):
    """How often the core says that it shuts down."""
    return sum(event["type"] == CORE and event["event"].get("status") == "shutdown" for event in events)


def strange_behind_shutdown(events):
    """What comes behind the core's "shutdown" and should not.

    A handle ends in a thread of its own: what that, or its plug-in, has to say then may come a moment later
    than the core's last word. Of the core, of sessions and of transports there is nothing any more.
    """
    behind = []
    for event in reversed(events):
        if event["type"] == CORE and event["event"].get("status") == "shutdown":
            break
        behind.insert(0, event)
    return [event for event in behind if event["type"] not in LAST_WORDS]


def complaints(janus):
    """The log lines of the recorder that are warnings or errors."""
    return [COLOUR.sub("", line) for line in janus.log.splitlines()
            if re.search(r"\b(WARN|ERR|FATAL)\b", line) and "journalevh" in line.lower()]


def recorder(folder, **settings):
    """The recorder for Janus's list of handlers: {library: settings}."""
    if not pathlib.Path(RECORDER).is_file():
        raise Missing(f"the recorder is not built ({RECORDER}; it needs Debian's janus-dev)")
    defaults = {"enabled": True, "events": "all", "folder": str(folder)}
    return {RECORDER: {**defaults, **settings}}


def sampleevh(url, **settings):
    """Debian's HTTP handler, the same way."""
    defaults = {"enabled": True, "events": "all", "grouping": True, "json": "compact",
                "backend": url}
    return {bundled("events", "sampleevh"): {**defaults, **settings}}


def journals(folder):
    """In the order in which their recorders began them: …-10 comes behind …-9."""
    return sorted(pathlib.Path(folder).glob("*.evj.gz"),
                  key=lambda path: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.name)])


def only_journal(folder):
    found = journals(folder)
    if len(found) != 1:
        raise CommandFailed(f"expected one journal in {folder}, found {[p.name for p in found]}")
    return found[0]


class Backend:
    """evj record --http: what sampleevh posts becomes a journal."""

    def __init__(self, place, name, *options):
        self.path = place.path / f"{name}.evj.gz"
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}/"
        self.process = place.start(
            [EVJ, "record", "--http", f"127.0.0.1:{port}", "-o", self.path, *options],
            f"{name}.log")
        await_true(lambda: is_listening(port) or not self.process.is_running(),
                   "evj record --http listens")
        if not self.process.is_running():
            raise CommandFailed(f"evj record --http ended:\n{self.process.log}")

    def has_as_many_as(self, journal):
        """Has it received as many events as this journal holds?"""
        if not self.process.is_running():
            raise CommandFailed(f"evj record --http ended:\n{self.process.log}")
        return 0 < len(event_lines(journal)) == len(event_lines(self.path))

    def stop(self):
        return self.process.stop(signal.SIGINT)
