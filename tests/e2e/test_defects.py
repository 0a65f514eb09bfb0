#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is really wrong with Debian's event handlers: a replay finds it, and its report says so.

None of this is made up: these are the handlers of Janus 1.1.2 with default settings, or settings that their
samples suggest.
"""

import json
import os
import re

import evj
from backends.gelf import GelfUdp
from backends.mosquitto import Mosquitto
from backends.websocket import WebSocket
from harness import Place, await_true
from replaying import Replay, replay
from tap import Tap

BURST = 5000


def noisy_journal(place, count, size):
    """A journal of events with so many bytes of text each that cannot be compressed to less than half."""
    path = place.path / "noisy.evj.gz"
    lines = [json.dumps({"emitter": "evj-test", "type": 4, "timestamp": 1795353161421812 + number,
                         "event": {"schema": "evj.noise", "data": {"number": number,
                                                                   "noise": os.urandom(size // 2).hex()}}})
             for number in range(count)]
    evj.run("record", "--stdin", "-o", path, stdin="\n".join(lines).encode())
    return path


def numbers(backend):
    return [event["event"]["data"]["number"] for event in backend.events(backend.untaken())]


def line_of(report, label):
    """A line of the report for people."""
    found = re.findall(rf"^ *{label}  +(.*)$", report, re.MULTILINE)
    return found[0] if found else ""


def count_lost(report):
    """Of the comparison with what arrived: "lost       3: records 1, 2 and 3"."""
    return int(line_of(report, "lost").partition(":")[0] or 0)


def mqttevh_loses_what_comes_faster_than_its_broker_answers(tap):
    """Its max_buffered is 100, and holds even while it is connected."""
    with Place() as place:
        backend = Mosquitto(place)
        journal = noisy_journal(place, BURST, 100)
        handler = backend.handler(max_buffered=100, max_inflight=10)  # its defaults
        got = place.path / "got.evj.gz"
        running = Replay(place, journal, "burst", handler, "--warm-up", "1", "--verbose", "--expect", got,
                         "--expect-ignore", "eventtype", "--expect-wait", "0.1", report="text")
        refused = lambda: running.process.log.count("Can't publish to MQTT topic")
        await_true(lambda: len(numbers(backend)) + refused() == BURST, "each event has come or was refused")
        backend.journal(got)
        report = running.finish()
        lost = BURST - len(numbers(backend))
        tap.ok(lost > 0, "a burst of events is too much for mqttevh")
        tap.equal(count_lost(report), lost, "the report names those that were lost")
        tap.note(f"lost {line_of(report, 'lost')}")
        tap.equal(line_of(report, "log"), f"{2 * lost} lines at warning or above",
                  "and counts the lines in which mqttevh says so: two for each")
        tap.equal(line_of(report, "held"), "none: it had let go of every event before destroy",
                  "though it had let go of all")


def sampleevh_loses_the_groups_that_its_buffer_cannot_hold(tap):
    """With `compress`, a group that is more than 8 KiB when it is compressed is dropped whole."""
    with Place() as place:
        backend = evj.Backend(place, "got")
        journal = noisy_journal(place, 300, 12000)  # each fits, and no two together
        handler = evj.sampleevh(backend.url, compress=True)
        report = replay(place, journal, "groups", handler, "--expect", backend.path, "--expect-wait", "2",
                        status=1).stderr.decode()
        lost = 300 - len(evj.event_lines(backend.path))
        dropped = report.count("bytes do not fit into a buffer of 8192 once compressed")
        tap.ok(0 < dropped < lost, f"sampleevh with compress loses whole groups", report)
        tap.equal(count_lost(report), lost, "the report names the events that were in them")
        tap.note(f"lost {line_of(report, 'lost')}, in {dropped} groups")
        tap.equal(line_of(report, "log"), f"{2 * dropped} lines at warning or above, {2 * dropped} of them at error",
                  "and counts the lines that say so: the core's, and sampleevh's own")


def wsevh_loses_what_it_has_not_written_at_its_end(tap):
    """It lets go of an event first, and writes it later: its backend is slow here."""
    with Place() as place:
        journal = noisy_journal(place, 4000, 10000)  # more than all buffers between them take
        report = check_slow(tap, place, journal, "with a drain that is too short", "--drain", "2")
        tap.equal(line_of(report, "held"), "none: it had let go of every event before destroy",
                  "it had let go of all of them")
        tap.equal(line_of(report, "sending"), "still when destroy was called: --drain gives it longer",
                  "and the report says that it had not sent them")
        report = check_slow(tap, place, journal, "when nobody looks at its sockets", "--settle", "0")
        tap.equal(line_of(report, "held"), "none: it had let go of every event before destroy",
                  "and then only the comparison tells")
        check_slow(tap, place, journal, "when it is shut down at once, as Janus does", "--no-drain")


def check_slow(tap, place, journal, how, *options):
    backend = WebSocket(place, reads=False)
    report = replay(place, journal, "slow", backend.handler(grouping=False), "--warm-up", "1", *options,
                    status=None).stderr.decode()
    backend.read_on()
    backend.await_closed()
    lost = 4000 - len(numbers(backend))
    tap.ok(lost > 0, f"wsevh loses the end {how}", report)
    got = backend.journal(place.path / f"got-{backend.port}.evj.gz")
    compared = evj.run("replay", journal, "--null", "--speed", "max", "--expect", got, "--expect-wait", "0",
                       status=1).stderr.decode()
    tap.equal(count_lost(compared), lost, "a comparison names what was lost")
    tap.note(f"lost {line_of(compared, 'lost')}")
    return report


def gelfevh_dies_of_a_tweak(tap):
    """It looks at the `protocol` of every tweak, also where there is none."""
    with Place() as place:
        backend = GelfUdp(place)
        journal = noisy_journal(place, 10, 100)
        report = replay(place, journal, "tweak", backend.handler(), "--request",
                        '{"request":"tweak","events":"all"}@@5', status=1).stderr.decode()
        tap.equal(line_of(report, "ended"),
                  "janus.eventhandler.gelfevh died of SIGSEGV (Segmentation fault) in handle_request, after record 4",
                  "a tweak without a protocol kills gelfevh, and the report names the call")
        tap.ok(re.search(r"^ +libjanus_gelfevh\.so \[\+0x[0-9a-f]+\]$", report, re.MULTILINE),
               "and the place in its library", report)
        tap.equal(line_of(report, "delivered"), "5 (its mask kept 0 from it)", "and what it had done until then")
        got = numbers(backend)
        tap.equal(got, list(range(len(got))), "and its backend keeps what it got")


if __name__ == "__main__":
    defects_tap = Tap()
    defects_tap.run(mqttevh_loses_what_comes_faster_than_its_broker_answers,
                    sampleevh_loses_the_groups_that_its_buffer_cannot_hold,
                    wsevh_loses_what_it_has_not_written_at_its_end, gelfevh_dies_of_a_tweak)
    defects_tap.done()
