#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a journal while Janus writes it, and after Janus was killed."""

import gzip
import signal
import threading

import evj
from calls import custom_events, marked
from evj import numbers
from harness import Place, await_true
from janus import Janus
from tap import Tap

NEVER = 3600  # seconds between flushes: in these tests no block is written while Janus runs


def recording(place, folder, name="janus"):
    settings = evj.recorder(folder, flush_interval=NEVER, spool_folder=str(place.folder("spool")))
    return Janus(place, settings, name=name)


def a_live_journal_is_read_up_to_its_last_event(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder) as janus:
            custom_events(janus, 10)
            journal = evj.only_journal(folder)
            await_true(lambda: len(numbers(journal)) == 10, "ten events are visible")
            tap.equal(numbers(journal), list(range(10)), "events are visible before any flush")
            size = journal.stat().st_size
            custom_events(janus, 5, first=10)
            await_true(lambda: len(numbers(journal)) == 15, "five more events are visible")
            tap.equal(numbers(journal), list(range(15)), "reading again shows what has come since")
            tap.equal(journal.stat().st_size, size, "and all of that came from the spool, not the file")
            janus.stop()
        tap.equal(numbers(journal), list(range(15)), "after the shutdown the same events are in the file")


def a_killed_server_loses_nothing_that_was_recorded(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder) as janus:
            custom_events(janus, 200)
            journal = evj.only_journal(folder)
            await_true(lambda: 199 in numbers(journal), "the last acknowledged event is recorded")
            tap.equal(janus.stop(signal.SIGKILL), -signal.SIGKILL, "Janus was killed")
        tap.equal(numbers(journal), list(range(200)), "every event is there after kill -9")

        with recording(place, folder, name="janus-again") as janus:
            await_true(lambda: len(evj.journals(folder)) == 2, "the next recording begins")
            tap.ok(journal.name in janus.log, "the recorder's next start names the journal that was left",
                   janus.process.log_tail())
            tap.ok("It is complete now" in janus.log, "and says that it is complete now", janus.process.log_tail())
            tap.equal(numbers(journal), list(range(200)), "as it is: it has every event")
            tap.ok(b'"reason":"crash"' in gzip.decompress(journal.read_bytes()),
                   "in its file alone, which ends with an end record")
            janus.stop()
        tap.equal(numbers(journal), list(range(200)), "and afterwards")


def a_server_killed_in_full_flight_leaves_a_journal_without_holes(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder) as janus:
            journal = evj.only_journal(folder)
            sender = threading.Thread(target=send_until_it_fails, args=(janus,), daemon=True)
            sender.start()
            await_true(lambda: len(numbers(journal)) > 300, "300 events are recorded")
            seen = numbers(journal)
            janus.stop(signal.SIGKILL)
            sender.join()
        left = numbers(journal)
        tap.equal(left, list(range(len(left))), "what the crash left has no hole and nothing twice")
        tap.ok(len(left) >= len(seen), "and holds all that could be read before", f"{len(left)} {len(seen)}")
        sequence = [r["seq"] for r in evj.records(journal) if "seq" in r]
        tap.equal(sequence, list(range(len(sequence))), "its records are numbered without a hole")


def send_until_it_fails(janus):
    try:
        for number in range(100000):
            janus.custom_event("evj.test", marked(number))
    except (OSError, ValueError):
        return  # the server is gone


if __name__ == "__main__":
    live_tap = Tap()
    live_tap.run(a_live_journal_is_read_up_to_its_last_event,
                 a_killed_server_loses_nothing_that_was_recorded,
                 a_server_killed_in_full_flight_leaves_a_journal_without_holes)
    live_tap.done()
