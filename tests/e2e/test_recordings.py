#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call of each kind, recorded now, against the calls of tests/data/recordings: the same as each of its own
kind, and different from all others where their table says."""

import base64
import concurrent.futures
import dataclasses
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


@dataclasses.dataclass(frozen=True)
class Comparison:
    """A call that was recorded now, against a committed one."""

    live: pathlib.Path
    committed: pathlib.Path
    status: int
    said: str

    @classmethod
    def of(cls, pair):
        done = evj.run("diff", *pair, status=None)
        return cls(*pair, done.returncode, done.stdout.decode() + done.stderr.decode())

    @property
    def headline(self):
        return self.said.partition("\n")[0]

    @property
    def name(self):
        return f"{self.live.parent.name} of now against {self.committed.parent.name}/{self.committed.name}"

    def paragraphs(self, *titles):
        """Of what evj diff said, those that begin with these words."""
        return "\n\n".join(part for part in self.said.split("\n\n") if part.startswith(titles))


def complain(wrong):
    """What is told of comparisons that came out wrong. A log may be cut in the middle: so first all verdicts, then
    where the first pair parts, and at last its journal, as text."""
    if not wrong:
        return ""
    first = wrong[0]
    verdicts = "\n".join(f"{one.name}: exit {one.status}: {one.headline}" for one in wrong)
    journal = base64.encodebytes(first.live.read_bytes()).decode()
    return "\n\n".join([verdicts, first.name, first.paragraphs("First divergence", "Differences"),
                        f"The journal of now, for base64 -d:\n{journal}"])


def compare_with_its_own(tap, pool, live, kind):
    committed = sorted((COMMITTED / kind).glob("*.evj.gz"))
    done = pool.map(Comparison.of, [(live, journal) for journal in committed])
    wrong = [one for one in done if one.status != 0]
    tap.ok(committed and not wrong, f"{kind}: recorded now, it is the same as each of the {len(committed)} before",
           lambda: complain(wrong))


def compare_with_others(tap, pool, live, kind, rows):
    others = [other for other in recordings.KINDS if not are_same_by_table(rows, kind, other)]
    done = pool.map(Comparison.of, [(live, COMMITTED / other / "01.evj.gz") for other in others])
    wrong = [one for other, one in zip(others, done)
             if one.status != 1 or not is_told(rows, kind, other, one.headline)]
    tap.ok(not wrong, f"{kind}: it differs from the {len(others)} others, where it should", lambda: complain(wrong))


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
