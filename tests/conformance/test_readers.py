#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers written from docs/journal-format.md alone read the corpus as evj does."""

import json
import shutil
import sys

from golden import DATA, HERE, cases, expected, kind_of, lines_of, run

from tap import Missing, Tap

LINES_MAX = 99
VALID = DATA / "valid"
ALICE, NOBODY = 4733726685551743, 1234567
# The blocks of a case that a filter lets pass by for a session, worked out by hand.
SKIPPED = [("several-blocks", ALICE, 2), ("several-blocks", NOBODY, 5), ("filter-absent", NOBODY, 0),
           ("filter-without-hashes", NOBODY, 0), ("filter-full", NOBODY, 0), ("filter-of-one-byte", NOBODY, 2),
           ("filter-of-seven-hashes", ALICE, 1), ("filter-large", ALICE, 1), ("continued", ALICE, 0),
           ("many-sessions", NOBODY, 0), ("no-session", ALICE, 1)]
READERS = {"reader.py": [sys.executable, HERE / "reader.py"], "reader.mjs": ["node", HERE / "reader.mjs"]}


def session_of(line):
    """The session of an event or state record; None for other records and other events."""
    record = json.loads(line)
    session = record.get("event", record.get("state", {})).get("session_id")
    return session if type(session) is int else None


def is_of(line, session):
    return kind_of(line) not in ("event", "state") or session_of(line) == session


def sessions_of(lines):
    """A few of the sessions of these records, and one that is none of them."""
    return [*sorted({session_of(line) for line in lines} - {None})[:2], NOBODY]


def read(name, *arguments):
    done = run(*READERS[name], *arguments)
    return done.returncode, lines_of(done.stdout), done.stderr.decode(errors="replace")


def check_valid(tap, name):
    for case in cases("valid"):
        status, lines, said = read(name, case / "journal.evj.gz")
        wanted = expected(case)
        tap.ok(status == 0 and not said and lines == wanted, f"{name}: {case.name}", said or f"{len(lines)} lines")
        for session in sessions_of(wanted):
            status, lines, said = read(name, case / "journal.evj.gz", "--session", session)
            right = status == 0 and lines == [line for line in wanted if is_of(line, session)]
            tap.ok(right, f"{name}: {case.name}, session {session}", said or f"{len(lines)} lines")


def check_invalid(tap, name):
    """Lines that are whole, but not as they must be, may be passed on: evj cat --format record does."""
    for case in cases("invalid"):
        status, lines, said = read(name, case / "journal.evj.gz")
        evj_status = (case / "error").read_text().split("\n", 1)[0]
        if evj_status != "exit 0":
            tap.ok(status == 1 and said, f"{name}: {case.name} is a fault", f"exit {status}\n{said}")
        if evj_status != "exit 2":
            wrong = [line for line in lines if line not in expected(case) and kind_of(line) != "end"]
            tap.ok(not wrong, f"{name}: {case.name}: nothing that is not in it", wrong)


def blocks_read(name, case, *arguments):
    """How many blocks it inflates."""
    return len(run(*READERS[name], case / "journal.evj.gz", *arguments, "--blocks").stdout.splitlines())


def check_skipping(tap, name):
    """The filter is used: without it, the answers above would be the same."""
    for case_name, session, skipped in SKIPPED:
        case = VALID / case_name
        fewer = blocks_read(name, case) - blocks_read(name, case, "--session", session)
        tap.equal(fewer, skipped, f"{name}: {case_name}: blocks without session {session}")


def a_reader_needs_few_lines(tap):
    for name in READERS:
        count = len((HERE / name).read_text().splitlines())
        tap.ok(count <= LINES_MAX, f"{name} has fewer than 100 lines", count)


def the_reader_in_python(tap):
    for check in (check_valid, check_invalid, check_skipping):
        check(tap, "reader.py")


def the_reader_in_javascript(tap):
    if not shutil.which("node"):
        raise Missing("node is not installed; scripts/setup browser installs it")
    for check in (check_valid, check_invalid, check_skipping):
        check(tap, "reader.mjs")


if __name__ == "__main__":
    readers_tap = Tap()
    readers_tap.run(a_reader_needs_few_lines, the_reader_in_python, the_reader_in_javascript)
    readers_tap.done()
