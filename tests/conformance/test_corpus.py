#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""evj reads the corpus as it must, and the corpus is what its script makes.

    test_corpus.py [--rewrite]

invalid/NAME/error is what `evj cat` says of it: `exit N`, then standard error, the file's path being FILE.
invalid/NAME/records.jsonl is what it can still read. --rewrite writes both anew from what evj does now:
look at each line that changed before you commit it.
"""

import pathlib
import sys
import tempfile
import zlib

from golden import DATA, EVJ, cases, expected, lines_of, run

from tap import Tap

# Compressed bytes are no part of what a journal says: with another zlib they may differ.
ZLIB_OF_THE_CORPUS = "1.2.13"


def cat(case):
    return run(EVJ, "cat", "--format", "record", case / "journal.evj.gz")


def what_evj_said(done, case):
    said = done.stderr.decode(errors="backslashreplace").replace(str(case / "journal.evj.gz"), "FILE")
    return f"exit {done.returncode}\n{said}"


def valid_journals_are_read_to_their_last_record(tap):
    for case in cases("valid"):
        done = cat(case)
        given = lines_of(done.stdout, without=(None, "journal"))
        wanted = [line for line in expected(case) if b'"end"' not in line[:20]]
        tap.equal(given, wanted, f"{case.name}: every record, byte for byte")
        tap.equal(done.returncode, 0, f"{case.name}: nothing is wrong with it")


def invalid_journals_are_told_as_they_are(tap):
    for case in cases("invalid"):
        done = cat(case)
        tap.equal(what_evj_said(done, case), (case / "error").read_text(), f"{case.name}: what is said of it")
        tap.equal(done.stdout, (case / "records.jsonl").read_bytes(), f"{case.name}: what can be read is read")


def verify_tells_sound_from_damaged(tap):
    for case in cases("valid"):
        done = run(EVJ, "verify", case / "journal.evj.gz")
        tap.equal(done.returncode, 0, f"{case.name}: evj verify finds nothing wrong")
        tap.note(done.stdout.decode(errors="replace") if done.returncode else "")
    for case in cases("invalid"):
        done = run(EVJ, "verify", case / "journal.evj.gz")
        tap.ok(done.returncode in (1, 2), f"{case.name}: evj verify finds what is wrong", done.stdout)


def strict_reading_stops_at_the_first_fault(tap):
    for case in cases("invalid"):
        done = run(EVJ, "cat", "--strict", "--format", "record", case / "journal.evj.gz")
        is_whole = (case / "error").read_text().startswith("exit 0")
        tap.equal(done.returncode, 0 if is_whole else 2, f"{case.name}: --strict")


def the_corpus_is_what_its_script_makes(tap):
    with tempfile.TemporaryDirectory(prefix="evj-corpus-") as folder:
        done = run(sys.executable, DATA / "make_corpus.py", folder)
        tap.equal(done.returncode, 0, "make_corpus.py runs")
        folder = pathlib.Path(folder)
        made = {path.relative_to(folder) for path in folder.glob("*/*/journal.evj.gz")}
        kept = {(case / "journal.evj.gz").relative_to(DATA) for case in [*cases("valid"), *cases("invalid")]}
        tap.equal(sorted(made), sorted(kept), "it makes every case, and no other is there")
        for path in sorted(made & kept):
            if zlib.ZLIB_RUNTIME_VERSION == ZLIB_OF_THE_CORPUS:
                same = (DATA / path).read_bytes() == (folder / path).read_bytes()
                tap.ok(same, f"{path.parent}: the same bytes")
            if path.parts[0] == "valid":
                kept_records, records = expected((DATA / path).parent), expected((folder / path).parent)
                tap.ok(kept_records == records, f"{path.parent}: the same records")


def rewrite():
    for case in cases("invalid"):
        done = cat(case)
        (case / "error").write_text(what_evj_said(done, case))
        (case / "records.jsonl").write_bytes(done.stdout)


if __name__ == "__main__":
    if sys.argv[1:] == ["--rewrite"]:
        rewrite()
    else:
        corpus_tap = Tap()
        corpus_tap.run(the_corpus_is_what_its_script_makes, valid_journals_are_read_to_their_last_record,
                       invalid_journals_are_told_as_they_are,
                       verify_tells_sound_from_damaged, strict_reading_stops_at_the_first_fault)
        corpus_tap.done()
