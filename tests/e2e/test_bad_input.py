#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad settings in a real Janus: a line in its log, and a server that runs on."""

import json

import evj
import namespaces
from calls import one_call
from harness import Place, await_true
from janus import Janus
from tap import Tap

ISOLATED = namespaces.enter("mounts")


def complains_of(janus, *words):
    return any(all(word in line for word in words) for line in evj.complaints(janus))


def check_complaint(tap, janus, case, *words):
    """A line that names all these words appears, and calls go on."""
    try:
        await_true(lambda: complains_of(janus, *words), "the log names it", timeout=10)
        named = True
    except Exception:
        named = False
    tap.ok(named, f"{case}: a log line names {' and '.join(words)}", lambda: janus.process.log_tail())
    check_serves(tap, janus, case)


def check_serves(tap, janus, case):
    one_call(janus)
    tap.ok(janus.process.is_running(), f"{case}: the server runs on and takes calls")


def check_ends(tap, janus, case):
    tap.equal(janus.stop(), 0, f"{case}: Janus still ends normally")


def a_folder_that_cannot_be(tap):
    with Place() as place:
        (place.path / "file").write_text("I am no folder\n")
        bad = place.path / "file" / "journals"
        with Janus(place, evj.recorder(bad)) as janus:
            check_complaint(tap, janus, "a folder below a file", str(bad))
            answer = janus.handler_status()
            tap.ok(isinstance(answer, dict), "a folder below a file: the Admin API still answers", answer)
            check_ends(tap, janus, "a folder below a file")


def a_folder_that_is_not_configured(tap):
    with Place() as place:
        settings = evj.recorder("unused")
        del settings[evj.RECORDER]["folder"]
        with Janus(place, settings) as janus:
            check_complaint(tap, janus, "no folder configured", "folder")


def a_folder_on_a_read_only_disk(tap):
    if not ISOLATED:
        tap.skip("a folder on a read-only disk", "mounting is not permitted here")
        return
    with Place() as place:
        bad = namespaces.mount(place, "journals", "ro")
        with Janus(place, evj.recorder(bad)) as janus:
            check_complaint(tap, janus, "a read-only disk", str(bad), "Read-only file system")
            check_ends(tap, janus, "a read-only disk")


def a_spool_folder_that_is_not_there(tap):
    with Place() as place:
        bad = place.path / "nowhere" / "spool"
        settings = evj.recorder(place.folder("journals"), spool_folder=str(bad))
        with Janus(place, settings) as janus:
            check_complaint(tap, janus, "no spool folder", str(bad))


def values_that_make_no_sense(tap):
    bad = {"compression": 12, "flush_interval": "soon", "buffer": "much", "enabled": True}
    with Place() as place:
        folder = place.folder("journals")
        with Janus(place, evj.recorder(folder, colour="blue", **bad)) as janus:
            for key in ("compression", "flush_interval", "buffer", "colour"):
                tap.ok(complains_of(janus, key), f"a bad {key} is named in the log",
                       lambda: "\n".join(evj.complaints(janus)))
            check_serves(tap, janus, "bad values")
            check_ends(tap, janus, "bad values")
        tap.ok(evj.event_lines(evj.only_journal(folder)), "bad values: it records with the defaults")


def a_mask_with_an_unknown_type(tap):
    with Place() as place:
        folder = place.folder("journals")
        with Janus(place, evj.recorder(folder, events="sessions, fireworks ,handles")) as janus:
            tap.ok(complains_of(janus, "fireworks"), "an unknown type of events is named in the log",
                   lambda: "\n".join(evj.complaints(janus)))
            one_call(janus)
            janus.stop()
        types = {json.loads(line)["type"] for line in evj.event_lines(evj.only_journal(folder))}
        tap.equal(types, {1, 2}, "the types that are known are recorded, and no other")


if __name__ == "__main__":
    bad_tap = Tap()
    bad_tap.run(a_folder_that_cannot_be, a_folder_that_is_not_configured, a_folder_on_a_read_only_disk,
                a_spool_folder_that_is_not_there, values_that_make_no_sense,
                a_mask_with_an_unknown_type)
    bad_tap.done()
