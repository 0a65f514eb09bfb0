#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/summary.py counts what CI judges by: no failure may be lost on the way."""

import json
import pathlib
import subprocess
import sys
import tempfile

from sources import ROOT
from tap import Tap

# What a program said, how meson judged it, its status → the closing line.
CASES = {
    "claims that hold": ("ok 1 - a\nok 2 - b\n1..2\n", "OK", 0, "2 passed, 0 failed, 0 skipped"),
    "a claim that does not": ("ok 1 - a\nnot ok 2 - b\n", "FAIL", 1, "1 passed, 1 failed, 0 skipped"),
    "a skip": ("ok 1 - a\nok 2 - b # SKIP no janus\n", "OK", 0, "1 passed, 0 failed, 1 skipped"),
    "cmocka's skip": ("ok 1 - a\nnot ok 2 # SKIP b\n", "FAIL", 0, "1 passed, 0 failed, 1 skipped"),
    "a crash after the claims": ("ok 1 - a\n", "ERROR", -11, "1 passed, 1 failed, 0 skipped"),
    "a crash after a skip": ("ok 1 - a # SKIP b\n", "ERROR", -11, "0 passed, 1 failed, 1 skipped"),
    "a time-out": ("", "TIMEOUT", -15, "0 passed, 1 failed, 0 skipped"),
    "a program without claims": ("", "OK", 0, "1 passed, 0 failed, 0 skipped"),
}


def closing(log):
    """The last line and the exit status for this testlog.json."""
    with tempfile.TemporaryDirectory() as build:
        logs = pathlib.Path(build) / "meson-logs"
        logs.mkdir()
        (logs / "testlog.json").write_text(log)
        done = subprocess.run([sys.executable, ROOT / "scripts" / "summary.py", build],
                              capture_output=True, text=True, check=False)
        return done.stdout.splitlines()[-1], done.returncode


def every_outcome_is_counted(tap):
    for name, (said, result, status, expected) in CASES.items():
        log = json.dumps({"name": "x", "stdout": said, "result": result, "returncode": status, "duration": 1})
        succeeds = " 0 failed" in expected
        tap.equal(closing(log + "\n"), (expected, 0 if succeeds else 1), f"the summary counts {name}")


def a_run_without_tests_fails(tap):
    tap.equal(closing(""), ("0 passed, 0 failed, 0 skipped", 1), "a run of no test is no success")


def main():
    tap = Tap()
    tap.run(every_outcome_is_counted, a_run_without_tests_fails)
    tap.done()


if __name__ == "__main__":
    main()
