#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/guides/reading-with-other-tools.md shows runs, and gives what evj gives.

    test_guide.py PAGE

A block of the page with `<!-- runs: NAME -->` above it is run as it stands, in a folder with call.evj.gz,
but for the session's number. NAME's function below works out from evj's records what it must print.
"""

import collections
import contextlib
import json
import pathlib
import sys
import tempfile

from page import blocks_of
from tools import EVJ, TESTS, duckdb, evj_events, evj_records, generated, record, require, run

from tap import Tap

NOT_RUN = "## When one machine is not enough"
SESSION_OF_THE_PAGE = "4733726685551743"
TEN_SECONDS_US = 10_000_000


class Call:
    """The journal that the page is run on: calls with packet loss, and gaps."""

    def __init__(self, folder):
        self.folder = folder
        self.path = folder / "call.evj.gz"
        record(folder / "events.evj.gz", generated(6000))
        lossy = TESTS / "data" / "valid" / "gaps" / "journal.evj.gz"
        run(EVJ, "merge", "--quiet", "-o", self.path, folder / "events.evj.gz", lossy)
        (folder / "journals").mkdir()
        (folder / "journals" / "a.evj.gz").write_bytes(self.path.read_bytes())
        record(folder / "journals" / "b.evj.gz", (TESTS / "data" / "events" / "room1.ndjson").read_bytes())
        self.events = evj_events(self.path)
        of_sessions = collections.Counter(event.get("session_id") for _, event in self.events)
        self.session = next(session for session, _ in of_sessions.most_common() if session)

    def of_session(self):
        return [event for _, event in self.events if event.get("session_id") == self.session]


def types_of(call):
    return collections.Counter(event["type"] for _, event in call.events if "type" in event)


def statistics(call):
    """(mono, handle, mid, lost, received) of each."""
    for mono, event in call.events:
        if event["type"] == 32 and event.get("subtype") == 3 and "lost" in event["event"]:
            body = event["event"]
            yield mono, event["handle_id"], body["mid"], body["lost"], body["packets-received"]


def loss_by_time(call):
    """Growth of `lost` and `packets-received` in each ten seconds."""
    start = min(each["mono"] for each in evj_records(call.path))
    before, sums = {}, {}
    for mono, handle, mid, lost, received in statistics(call):
        was = before.get((handle, mid), (0, 0))
        before[handle, mid] = lost, received
        bucket = sums.setdefault((mono - start) // TEN_SECONDS_US * 10, [0, 0])
        bucket[0] += lost - was[0]
        bucket[1] += received - was[1]
    return [(seconds, lost, round(100 * lost / max(1, lost + received), 2))
            for seconds, (lost, received) in sorted(sums.items())]


# ---- what each block must print ----

def whole(tap, call, output):
    first = json.loads(output)["journal"]
    tap.equal(first["version"], 1, "whole: the first line")


def grep(tap, call, output):
    found = [json.loads(line)["seq"] for line in output.splitlines()]
    known = [each["seq"] for each in evj_records(call.path, "--session", call.session) if "event" in each]
    tap.equal(found, known, "grep: one session's records")


def jq_types(tap, call, output):
    known = {str(each): count for each, count in types_of(call).items()}
    tap.equal(json.loads(output), known, "jq: events by type")


def jq_states(tap, call, output):
    bodies = [event["event"] for event in call.of_session() if event["type"] == 16]
    known = [body[key] for body in bodies for key in ("ice", "dtls", "connection") if key in body]
    rows = [line.split("\t") for line in output.decode().splitlines()]
    tap.equal([row[2] for row in rows], known, "jq: what ICE, DTLS and the PeerConnection did")
    start, times = evj_records(call.path)[0]["mono"], [float(row[0]) for row in rows]
    tap.ok(times and times == sorted(times) and times[0] >= 0, "jq: with the time", f"{start}: {times[:3]}")


def jq_gaps(tap, call, output):
    found = [json.loads(line) for line in output.splitlines()]
    known = [{"seq": each["seq"], "events": each["gap"]["events"], "reason": each["gap"]["reason"]}
             for each in evj_records(call.path) if "gap" in each]
    tap.equal(found, known, "jq: gaps")


def python(tap, call, output):
    known = {}
    for mono, event in call.events:
        if event.get("session_id") is not None:
            known.setdefault(event["session_id"], []).append(mono)
    lines = [f"{session}\t{(monos[-1] - monos[0]) / 1e6:.3f} s\t{len(monos)} events"
             for session, monos in sorted(known.items())]
    tap.equal(output.decode().splitlines(), lines, "Python: how long each session was heard of")


def node(tap, call, output):
    known = collections.Counter(event["event"]["plugin"] for _, event in call.events if event["type"] == 64)
    tap.equal(json.loads(output), dict(known), "Node: events by plug-in")


def sql_types(tap, call, rows):
    known = [{"type": each, "events": str(count)} for each, count in sorted(types_of(call).items())]
    tap.equal(rows, known, "DuckDB: events by type")


def sql_session(tap, call, rows):
    tap.equal([json.loads(row["event"]) for row in rows], call.of_session(), "DuckDB: one session's events")


def sql_loss(tap, call, rows):
    found = [(int(row["seconds"]), int(row["lost"]), row["percent"]) for row in rows]
    known = loss_by_time(call)
    tap.ok(sum(lost for _, lost, _ in known) > 0, "the calls have losses", known)
    tap.equal(found, known, "DuckDB: loss over time")


def sql_gaps(tap, call, rows):
    gaps = [each["gap"]["events"] for each in evj_records(call.path) if "gap" in each]
    tap.equal(rows, [{"events": str(len(call.events)), "lost": str(sum(gaps))}], "DuckDB: events and losses")


def sql_folder(tap, call, rows):
    known = []
    for path in sorted((call.folder / "journals").iterdir()):
        events = [event for _, event in evj_events(path)]
        sessions = {event["session_id"] for event in events if "session_id" in event}
        known.append({"file": path.name, "events": str(len(events)), "sessions": str(len(sessions))})
    tap.equal(rows, known, "DuckDB: a folder")


CHECKS = {check.__name__.replace("_", "-"): check for check in
          (whole, grep, jq_types, jq_states, jq_gaps, python, node, sql_types, sql_session, sql_loss, sql_gaps,
           sql_folder)}
CHECKS["sql-parquet"] = sql_types


# ---- running ----

class Guide:
    def __init__(self, path):
        text = path.read_text()
        self.blocks = blocks_of(text[:text.index(NOT_RUN)])

    def named(self, name):
        return next(block["text"] for block in self.blocks if block["name"] == name)


def run_block(guide, block, call):
    text = block["text"].replace(SESSION_OF_THE_PAGE, str(call.session))
    if block["language"] == "sql":
        return duckdb(guide.named("sql-view") + text, call.folder)
    if block["language"] == "sh":
        require("gzip", "zcat", *(["jq"] if "jq" in text else []))
        return run(shell=text, cwd=call.folder)
    if block["language"] == "js":
        require("node")
        return run("node", "-", stdin=text.encode(), cwd=call.folder)
    return run(sys.executable, "-", stdin=text.encode(), cwd=call.folder)


@contextlib.contextmanager
def call_in_a_folder():
    with tempfile.TemporaryDirectory(prefix="evj-guide-") as name:
        yield Call(pathlib.Path(name))


def main():
    guide = Guide(pathlib.Path(sys.argv[1]))
    tap = Tap()
    names = [block["name"] for block in guide.blocks]
    tap.equal(sorted(map(str, names)), sorted([*CHECKS, "sql-view"]),
              "each block of the page is run, and no other is known")
    with call_in_a_folder() as call:
        for block in guide.blocks:
            check = CHECKS.get(block["name"])
            if check:
                def claim(the_tap, check=check, block=block):
                    check(the_tap, call, run_block(guide, block, call))
                claim.__name__ = f"the page's block {block['name']}"
                tap.run(claim)
    tap.done()


if __name__ == "__main__":
    main()
