# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus of tests/data, and what every program that reads it must say of it."""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"
sys.path.insert(0, str(HERE.parent / "e2e"))  # tap.py
sys.setrecursionlimit(20000)  # lines nest deeper than Python's own limit

EVJ = os.environ.get("EVJ_BIN", "evj")
KINDS = ("event", "state", "gap", "mark", "journal", "end")


def cases(kind):
    """The folders of tests/data/valid or tests/data/invalid."""
    return sorted(path.parent for path in (DATA / kind).glob("*/journal.evj.gz"))


def expected(case):
    return split((case / "records.jsonl").read_bytes())


def run(*argv, timeout=60):
    return subprocess.run([str(each) for each in argv], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout, check=False)


def kind_of(line):
    record = json.loads(line)
    return next((kind for kind in KINDS if kind in record), None)


def split(output):
    """Lines, with their newlines; a carriage return is none."""
    return [line + b"\n" for line in output.split(b"\n")[:-1]]


def lines_of(output, *, without=()):
    """The lines that a program printed, but for those of these kinds."""
    return [line for line in split(output) if not without or kind_of(line) not in without]
