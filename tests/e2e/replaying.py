# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays into Janus's event handlers, as {library: settings}, the form that janus.py has for them."""

import json
import signal

import evj
from janus import handler_package, jcfg


def ini(settings):
    """Groups of settings as the older .cfg files have them."""
    lines = []
    for group, values in settings.items():
        lines.append(f"[{group}]")
        lines += [f"{key} = {value}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


FORMATS = {"jcfg": jcfg, "cfg": ini}


def config_folder(place, name, handlers, suffix="jcfg"):
    """A folder for --config with the settings of these handlers."""
    folder = place.folder(name)
    for library, settings in handlers.items():
        text = FORMATS[suffix]({"general": settings})
        (folder / f"{handler_package(library)}.{suffix}").write_text(text)
    return folder


def arguments(place, journal, name, handlers, suffix="jcfg"):
    chosen = [option for library in handlers for option in ("--handler", library)]
    return ["replay", journal, *chosen, "--config", config_folder(place, name, handlers, suffix)]


def replay(place, journal, name, handlers, *options, status=0):
    """A replay at full speed, or as `options` say. Returns the finished process."""
    return evj.run(*arguments(place, journal, name, handlers), "--speed", "max", *options, status=status)


class Replay:
    """One that waits with its handlers' destroy() until the test has seen what it waits for.

    Nobody can tell from outside when a handler has sent what it has let go of: the test can, at the
    backend, and so no time has to be guessed.
    """

    def __init__(self, place, journal, name, handlers, *options, suffix="jcfg", report="json"):
        self.report = report
        self.process = place.start(
            [evj.EVJ, *arguments(place, journal, name, handlers, suffix), "--speed", "max", "--settle", "600",
             "--drain", "600", *(["--json"] if report == "json" else []), *options], f"{name}.log")

    def finish(self):
        """Let it call destroy(), and return its report: an object, or all that it has said."""
        self.process.popen.send_signal(signal.SIGINT)  # replay no more: there is nothing left
        self.process.stop(signal.SIGTERM)  # and wait no longer; two SIGINTs could become one
        return json.loads(self.process.log.splitlines()[-1]) if self.report == "json" else self.process.log
