#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the journals of tests/data/valid and tests/data/invalid.

    make_corpus.py [FOLDER]      default: where this file is

valid/NAME/journal.evj.gz comes with NAME/records.jsonl, the lines that a reader gives for it: all but the
`journal` lines and lines of unknown kinds. What evj makes of invalid/NAME/journal.evj.gz stands beside it
in `error` and `records.jsonl`, which are not made by this: see tests/conformance/test_corpus.py.

Run twice, it makes the same bytes; with another zlib, the same journals of other bytes.
"""

import pathlib
import sys

from corpus import breakage, faults, recordings, tolerance  # noqa: F401 (they fill the lists of cases)
from corpus.cases import INVALID, VALID

# Lines nest deeper than Python's own limit.
sys.setrecursionlimit(20000)


def write_journal(case, made):
    case.mkdir(parents=True, exist_ok=True)
    (case / "journal.evj.gz").write_bytes(bytes(made))


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent
    for name, make in VALID.items():
        made = make()
        write_journal(folder / "valid" / name, made)
        records = "".join(line + "\n" for line in made.given)
        (folder / "valid" / name / "records.jsonl").write_text(records, newline="")
    for name, make in INVALID.items():
        write_journal(folder / "invalid" / name, make())


if __name__ == "__main__":
    main()
