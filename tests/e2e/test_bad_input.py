#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad settings and bad disks in a real Janus: a line in its log, and a server that runs on."""

import json
import os
import re

import evj
import namespaces
from calls import custom_events, one_call
from harness import Place, await_true
from janus import Janus
from tap import Tap

ISOLATED = namespaces.enter("mounts")
PLAIN = re.compile(r"\x1b\[\d+m")


def complaints(janus):
    """The log lines of the recorder that are warnings or errors."""
    return [PLAIN.sub("", line) for line in janus.log.splitlines()
            if re.search(r"\b(WARN|ERR|FATAL)\b", line) and "journalevh" in line.lower()]


def complains_of(janus, *words):
    return any(all(word in line for word in words) for line in complaints(janus))


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
                       lambda: "\n".join(complaints(janus)))
            check_serves(tap, janus, "bad values")
            check_ends(tap, janus, "bad values")
        tap.ok(evj.event_lines(evj.only_journal(folder)), "bad values: it records with the defaults")


def a_mask_with_an_unknown_type(tap):
    with Place() as place:
        folder = place.folder("journals")
        with Janus(place, evj.recorder(folder, events="sessions, fireworks ,handles")) as janus:
            tap.ok(complains_of(janus, "fireworks"), "an unknown type of events is named in the log",
                   lambda: "\n".join(complaints(janus)))
            one_call(janus)
            janus.stop()
        types = {json.loads(line)["type"] for line in evj.event_lines(evj.only_journal(folder))}
        tap.equal(types, {1, 2}, "the types that are known are recorded, and no other")


def fill(path):
    """Take what is left of a small disk. Returns the file to delete to make room again."""
    ballast = path / "ballast"
    with open(ballast, "wb", buffering=0) as out:
        try:
            while True:
                out.write(os.urandom(4096))
        except OSError:
            return ballast


def numbers(journal):
    events = map(json.loads, evj.event_lines(journal))
    return [event["event"]["data"]["number"] for event in events if event["type"] == 4]


def noisy_events(janus, count, first):
    """Events that do not compress, so that they need room on the disk."""
    for number in range(first, first + count):
        janus.custom_event("evj.noise", {"number": number, "noise": os.urandom(1000).hex()})


def a_full_disk(tap):
    if not ISOLATED:
        tap.skip("a full disk", "mounting is not permitted here")
        return
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=1m")
        with Janus(place, evj.recorder(folder, flush_interval=0.1)) as janus:
            custom_events(janus, 10)
            journal = evj.only_journal(folder)
            await_true(lambda: numbers(journal) == list(range(10)), "ten events are recorded")
            ballast = fill(folder)
            noisy_events(janus, 100, first=10)
            check_complaint(tap, janus, "a full disk", str(journal), "No space left on device")
            tap.equal(numbers(journal)[:10], list(range(10)), "a full disk costs nothing already recorded")
            few = len(complaints(janus))
            tap.ok(few < 20, "a full disk does not fill the log", f"{few} lines")
            ballast.unlink()
            noisy_events(janus, 10, first=110)
            check_ends(tap, janus, "a full disk")
        tap.equal(numbers(journal), list(range(120)),
                  "with room again the journal holds every event, also those from when it was full")
        tap.equal(list(evj.last_line(journal)), ["end"], "and is closed by an end record")


def a_disk_that_is_full_for_longer_than_the_buffer_lasts(tap):
    if not ISOLATED:
        tap.skip("a disk that is full for long", "mounting is not permitted here")
        return
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=1m")
        with Janus(place, evj.recorder(folder, flush_interval=0.1, buffer="64K")) as janus:
            journal = evj.only_journal(folder)
            ballast = fill(folder)
            noisy_events(janus, 100, first=0)  # three times what the buffer takes
            status = await_true(lambda: has_dropped(janus), "events are dropped")
            tap.ok(complains_of(janus, "buffer") or complains_of(janus, "spool"),
                   "a buffer that is full is named in the log", lambda: "\n".join(complaints(janus)))
            ballast.unlink()
            await_true(lambda: not janus.handler_status()["disk"]["failing"], "the disk takes data again")
            check_serves(tap, janus, "a full buffer")
            check_ends(tap, janus, "a full buffer")
        found = evj.records(journal)
        gaps = [record["gap"] for record in found if "gap" in record]
        events = [record for record in found if "event" in record]
        end = evj.last_line(journal)["end"]
        tap.ok(sum(gap["events"] for gap in gaps) >= status["dropped"], "the journal has gaps for what was lost",
               gaps)
        tap.equal(end["dropped"], sum(gap["events"] for gap in gaps), "the end record counts what is in gaps")
        tap.equal(offered(found), len(events) + end["dropped"], "events read + events in gaps = events offered")
        tap.equal(events[-1]["event"]["event"].get("status"), "shutdown", "after a gap recording goes on")


def has_dropped(janus):
    status = janus.handler_status()
    return status if status["dropped"] else None


def offered(found):
    """The seq after the last record: every event that was offered took one."""
    last = [record for record in found if "seq" in record][-1]
    return last["seq"] + (last["gap"]["events"] if "gap" in last else 1)


def a_disk_that_stays_full(tap):
    if not ISOLATED:
        tap.skip("a disk that stays full", "mounting is not permitted here")
        return
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=1m")
        spool = str(place.folder("spool"))  # it will be left behind, with what the disk did not take
        with Janus(place, evj.recorder(folder, flush_interval=0.1, spool_folder=spool)) as janus:
            custom_events(janus, 10)
            journal = evj.only_journal(folder)
            await_true(lambda: numbers(journal) == list(range(10)), "ten events are recorded")
            fill(folder)
            noisy_events(janus, 100, first=10)
            check_ends(tap, janus, "a disk that stays full")
        left = numbers(journal)
        tap.equal(left[:10], list(range(10)), "a disk that stays full: what was recorded can be read")
        tap.equal(left, list(range(len(left))), "a disk that stays full: and has no hole in it")


if __name__ == "__main__":
    bad_tap = Tap()
    bad_tap.run(a_folder_that_cannot_be, a_folder_that_is_not_configured, a_folder_on_a_read_only_disk,
                a_spool_folder_that_is_not_there, values_that_make_no_sense,
                a_mask_with_an_unknown_type, a_full_disk,
                a_disk_that_is_full_for_longer_than_the_buffer_lasts, a_disk_that_stays_full)
    bad_tap.done()
