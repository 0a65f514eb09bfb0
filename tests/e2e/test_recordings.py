#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call of each kind, recorded now, against the calls of tests/data/recordings: the same as each of its own
kind, and different from all others where their table says."""

import concurrent.futures
import os
import pathlib
import sys

import browser
import evj
import namespaces
import recordings
from harness import Place
from tap import Tap

COMMITTED = evj.DATA / "recordings"
RECORD = pathlib.Path(__file__).resolve().parent / "record_calls.py"
AT_ONCE = 3  # calls that are recorded at the same time: most of each is waiting
RECORD_SECONDS = 200


def record_all(place):
    """One call of each kind, in namespaces of their own. Returns their folder."""
    folder = place.folder("live")
    kinds = list(recordings.KINDS)
    recorders = [place.start([sys.executable, RECORD, "--plain", "--to", folder, *kinds[first::AT_ONCE]],
                             f"record-{first}.log") for first in range(AT_ONCE)]
    for recorder in recorders:
        recorder.popen.wait(RECORD_SECONDS)
    return folder, "\n".join(recorder.log for recorder in recorders)


def divergences():
    """The rows of the table: kinds of A, kinds of B, class, lane, what A does, what B does."""
    lines = (COMMITTED / "divergences").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [(row[0].split(","), row[1].split(","), row[2], row[3], [step.replace("~", " ") for step in row[4:6]])
            for row in rows]


def names_of(lane, steps):
    """What the headline calls these steps: “dtls failed”; with more words behind for a step of its own."""
    return [f"“{lane} " if lane in ("media", "handle", "session") else f"“{lane} {step}"
            for step in steps if step not in "-*"]


def is_told(rows, kind, other, headline):
    """Is that where the table says that calls of these kinds part?"""
    for a, b, _, lane, steps in rows:
        if ((kind in a and other in b) or (kind in b and other in a)) and all(
                name in headline for name in names_of(lane, steps)):
            return True
    return False


def are_same_by_table(rows, kind, other):
    return kind == other or any(row[2] == "same" and {kind, other} == {row[0][0], row[1][0]} for row in rows)


def diff(pair):
    return evj.run("diff", *pair, status=None)


def compare_with_its_own(tap, pool, live, kind):
    committed = sorted((COMMITTED / kind).glob("*.evj.gz"))
    done = list(pool.map(diff, [(live, journal) for journal in committed]))
    wrong = [one.stdout.decode() + one.stderr.decode() for one in done if one.returncode != 0]
    tap.ok(committed and not wrong, f"{kind}: recorded now, it is the same as each of the {len(committed)} before",
           "\n".join(wrong[:3]))


def compare_with_others(tap, pool, live, kind, rows):
    others = [other for other in recordings.KINDS if not are_same_by_table(rows, kind, other)]
    done = pool.map(diff, [(live, COMMITTED / other / "01.evj.gz") for other in others])
    wrong = []
    for other, one in zip(others, done):
        said = one.stdout.decode() + one.stderr.decode()
        if one.returncode != 1 or not is_told(rows, kind, other, said.partition("\n")[0]):
            wrong.append(f"{other}: exit {one.returncode}\n{said}")
    tap.ok(not wrong, f"{kind}: it differs from the {len(others)} others, where it should", "\n".join(wrong[:3]))


def every_kind_is_recorded_and_compared(tap):
    browser.require()
    rows = divergences()
    with Place() as place, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder, said = record_all(place)
        tap.note(said)
        for kind in recordings.KINDS:
            live = folder / kind / "00.evj.gz"
            if tap.ok(live.exists(), f"{kind}: a call is recorded", said):
                compare_with_its_own(tap, pool, live, kind)
                compare_with_others(tap, pool, live, kind, rows)


if __name__ == "__main__":
    recordings_tap = Tap()
    if namespaces.permitted("network"):
        recordings_tap.run(every_kind_is_recorded_and_compared)
    else:
        recordings_tap.skip("every kind is recorded and compared", "a network card of our own is not permitted here")
    recordings_tap.done()
