#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The round trip: Janus → journal → replay into a real handler → journal, with nothing changed."""

import evj
from calls import ODD_DATA, custom_events, one_call, without_nul
from harness import Place, await_true
from janus import Janus
from replaying import replay
from tap import Tap


def make_events(janus):
    for number in range(3):
        one_call(janus, f"caller-{number}")
    one_call(janus, plugin="videoroom")
    custom_events(janus, 150)  # more than one group of sampleevh, which takes 100
    janus.custom_event("evj.odd", without_nul(ODD_DATA))


def before_shutdown(lines):
    """sampleevh drops what is queued when Janus stops, and with it the shutdown event."""
    return [line for line in lines if not evj.is_event(line, 256, status="shutdown")]


def the_recorder_and_sampleevh_agree_and_a_replay_repeats_it(tap):
    with Place() as place:
        folder = place.folder("journals")
        beside = evj.Backend(place, "beside")
        handlers = {**evj.recorder(folder), **evj.sampleevh(beside.url)}
        with Janus(place, handlers) as janus:
            make_events(janus)
            ours = evj.only_journal(folder)
            await_true(lambda: beside.has_as_many_as(ours),
                       "the backend has as many events as the recorder")
            janus.stop()
        tap.equal(beside.stop(), 0, "evj record --http ends cleanly on SIGINT")
        recorded = evj.event_lines(ours)
        tap.note("sampleevh loses what is queued at shutdown: compared up to the shutdown event")
        tap.equal(before_shutdown(evj.event_lines(beside.path)), before_shutdown(recorded),
                  f"two handlers in one Janus give journals with equal events ({len(recorded)})")

        again = evj.Backend(place, "again")
        replay(place, ours, "replay-sampleevh", evj.sampleevh(again.url))
        tap.equal(again.stop(), 0, "and again after a replay")
        tap.equal(evj.event_lines(again.path), recorded,
                  "replaying the first through the host and sampleevh gives the second again")

        zipped = evj.Backend(place, "zipped")
        replay(place, ours, "replay-zipped",
                    evj.sampleevh(zipped.url, compress=True, grouping=False))
        tap.equal(zipped.stop(), 0, "and after gzip bodies")
        tap.equal(evj.event_lines(zipped.path), recorded, "single events in gzip bodies arrive equal too")


def a_replay_into_our_own_recorder_changes_no_byte(tap):
    with Place() as place:
        folder = place.folder("journals")
        with Janus(place, evj.recorder(folder)) as janus:
            make_events(janus)
            janus.stop()
        original = evj.only_journal(folder)
        copies = place.folder("copies")
        replay(place, original, "replay-recorder", evj.recorder(copies))
        copy = evj.only_journal(copies)
        tap.equal(evj.event_lines(copy), evj.event_lines(original),
                  "replayed at max into our own recorder: the same events in the same order, byte for byte")
        tap.equal(list(evj.last_line(copy)), ["end"], "and the copy is closed by an end record")


def a_shipped_call_survives_the_same_trip(tap):
    for name in ("good", "failing"):
        original = evj.DATA / "calls" / f"{name}.evj.gz"
        with Place() as place:
            copies = place.folder("copies")
            replay(place, original, "replay-recorder", evj.recorder(copies))
            tap.equal(evj.event_lines(evj.only_journal(copies)), evj.event_lines(original),
                      f"the {name} call goes through the recorder unchanged")


def a_replayed_call_is_the_same_to_evj_diff(tap):
    for original in sorted(evj.DATA.glob("recordings/*/01.evj.gz")) + sorted(evj.DATA.glob("plugins/*/01.evj.gz")):
        with Place() as place:
            copies = place.folder("copies")
            replay(place, original, "replay-recorder", evj.recorder(copies))
            done = evj.run("diff", original, evj.only_journal(copies), status=None)
            tap.equal(done.returncode, 0, f"{original.parent.name}: a replay into the recorder is the same call")


if __name__ == "__main__":
    trip_tap = Tap()
    trip_tap.run(the_recorder_and_sampleevh_agree_and_a_replay_repeats_it,
                 a_replay_into_our_own_recorder_changes_no_byte, a_shipped_call_survives_the_same_trip,
                 a_replayed_call_is_the_same_to_evj_diff)
    trip_tap.done()
