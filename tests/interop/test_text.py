#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""zcat, gzip, jq, Python, Node and DuckDB read journals as evj does, though none of them knows the format.

The journals: a recording of a real Janus, a generated one of many blocks, one of small blocks of any
size (so that a reader's buffer ends at every place of a block's header), and all of tests/data/valid.
"""

import gzip
import json
import pathlib
import random
import sys
import tempfile

from tools import EVJ, HERE, TESTS, duckdb, evj_records, generated, record, require, run

from tap import Tap

sys.path.insert(0, str(TESTS / "data"))
from corpus.events import ALICE, BOB, end, journal, wrap  # noqa: E402
from corpus.writer import Journal  # noqa: E402

sys.setrecursionlimit(20000)  # lines nest deeper than Python's own limit
JQ_DEPTH = 256
ROWS = """SELECT count(*) AS lines, count(seq) AS placed, count(event) AS events, sum(seq % 1000003) AS sum
          FROM read_json('{}', format = 'newline_delimited',
                         columns = {{seq: 'UBIGINT', mono: 'BIGINT', event: 'JSON'}})"""


def small_blocks(path):
    """Some 1000 blocks between 150 bytes and 20 KiB, of a text that hardly compresses."""
    any_of = random.Random(5)
    made, seq = Journal().block(journal()), 0
    for _ in range(1000):
        count = any_of.choice([1, 1, 1, 2, 5, 30])
        made.block(*[wrap(seq + i, {"type": 64, "session_id": any_of.choice([ALICE, BOB]),
                                    "event": {"data": f"{any_of.getrandbits(8 * any_of.randrange(1, 400)):x}"}})
                     for i in range(count)])
        seq += count
    path.write_bytes(bytes(made.block(end(seq, seq, seq))))


def make_journals(folder):
    """Paths by name."""
    record(folder / "room.evj.gz", (TESTS / "data" / "events" / "room1.ndjson").read_bytes())
    record(folder / "generated.evj.gz", generated(6000))
    small_blocks(folder / "small-blocks.evj.gz")
    return {path.name.split(".")[0]: path for path in sorted(folder.glob("*.evj.gz"))} \
        | {path.parent.name: path for path in sorted((TESTS / "data" / "valid").glob("*/journal.evj.gz"))}


def text_by_evj(path):
    """What is in it, as evj tells: all lines but `journal` and `end`."""
    return run(EVJ, "cat", "--format", "record", path)


def without_ends(text):
    """The lines that evj cat prints."""
    return b"".join(line + b"\n" for line in text.split(b"\n")[:-1]
                    if not {"journal", "end"} & json.loads(line).keys())


def depth_of(line):
    return max(line.count(b"["), line.count(b"{"))


def zcat_gives_the_lines(tap):
    require("zcat")
    for name, path in JOURNALS.items():
        tap.ok(without_ends(run("zcat", path)) == text_by_evj(path), f"zcat: {name}")


def gzip_finds_nothing_wrong(tap):
    require("gzip")
    for name, path in JOURNALS.items():
        tap.equal(run("gzip", "-t", path), b"", f"gzip -t: {name}")


def python_gives_the_lines(tap):
    for name, path in JOURNALS.items():
        with gzip.open(path) as file:
            tap.ok(without_ends(file.read()) == text_by_evj(path), f"Python's gzip: {name}")


def node_gives_the_lines(tap):
    require("node")
    for name, path in JOURNALS.items():
        text = run("node", HERE / "gunzip.mjs", path)
        tap.ok(without_ends(text) == text_by_evj(path), f"Node's zlib stream: {name}")


def jq_reads_every_line(tap):
    """jq 1.6 knows no integers beyond 2^53, so what it is compared with is rounded, too; and it refuses lines that
    nest deeper than 256, as the guide says."""
    require("jq", "zcat")
    for name, path in JOURNALS.items():
        if any(depth_of(line) > JQ_DEPTH for line in text_by_evj(path).split(b"\n")):
            continue
        text = run(shell=f"set -o pipefail; zcat '{path}' | jq -c 'select(.journal or .end | not)'")
        given = [json.loads(line, parse_int=float) for line in text.split(b"\n")[:-1]]
        known = [json.loads(line, parse_int=float) for line in text_by_evj(path).split(b"\n")[:-1]]
        tap.ok(given == known, f"jq: {name}", lambda: f"{len(given)} lines, evj has {len(known)}")


def duckdb_reads_every_line(tap):
    """All in one go: starting it takes longer than reading."""
    rows = duckdb(" UNION ALL ".join(ROWS.format(path) for path in JOURNALS.values()), HERE)
    for (name, path), row in zip(JOURNALS.items(), rows, strict=True):
        with gzip.open(path) as lines:
            ends = sum(1 for line in lines if {"journal", "end"} & json.loads(line).keys())
        records = evj_records(path)
        seqs = [each["seq"] for each in records if "seq" in each]
        known = [len(records) + ends, len(seqs), sum("event" in each for each in records),
                 sum(seq % 1000003 for seq in seqs)]
        tap.equal([int(value or 0) for value in row.values()], known, f"DuckDB: {name}")


if __name__ == "__main__":
    text_tap = Tap()
    with tempfile.TemporaryDirectory(prefix="evj-interop-") as made_in:
        JOURNALS = make_journals(pathlib.Path(made_in))
        text_tap.run(zcat_gives_the_lines, gzip_finds_nothing_wrong, python_gives_the_lines, node_gives_the_lines,
                     jq_reads_every_line, duckdb_reads_every_line)
    text_tap.done()
