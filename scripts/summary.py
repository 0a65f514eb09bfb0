#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `meson test` found, claim by claim: failures, skips, the slowest programs, and the counts.

    scripts/summary.py BUILD…

Reads meson-logs/testlog.json of each build folder. The last line is "N passed, N failed, N skipped".
Exits 1 when anything failed or nothing ran.
"""

import json
import pathlib
import re
import sys

SLOWEST = 8
CLAIM = re.compile(r"^(?P<verdict>ok|not ok)\b\s*\d*\s*-?\s*(?P<name>.*)$")
SKIP = re.compile(r"#\s*SKIP\b", re.IGNORECASE)
GOOD = ("OK", "SKIP", "EXPECTEDFAIL")


class Counts:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def line(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def programs(build):
    log = pathlib.Path(build) / "meson-logs" / "testlog.json"
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(errors="replace").splitlines()]


def count_claims(program, counts):
    """Add a program's claims. Returns the lines to print about those that did not just pass."""
    remarks, failed_before = [], counts.failed
    claims = 0
    for line in program.get("stdout", "").splitlines():
        claim = CLAIM.match(line)
        if not claim:
            continue
        claims += 1
        if SKIP.search(claim["name"]):
            counts.skipped += 1
            remarks.append(f"skipped: {program['name']}: {claim['name']}")
        elif claim["verdict"] == "ok":
            counts.passed += 1
        else:
            counts.failed += 1
            remarks.append(f"FAILED: {program['name']}: {claim['name']}")
    if program["result"] not in GOOD and counts.failed == failed_before:
        # It crashed, hung or broke off after its last claim.
        counts.failed += 1
        remarks.append(f"FAILED: {program['name']}: the program ended with {program['result']}"
                       f" (status {program.get('returncode')})")
    elif not claims:
        counts.passed += program["result"] == "OK"
        counts.skipped += program["result"] == "SKIP"
    return remarks


def show_failure(program):
    """The end of what a failed program said."""
    said = program.get("stdout", "").splitlines() + program.get("stderr", "").splitlines()
    said = [line for line in said if not line.startswith("ok ")]
    print(f"---- {program['name']}: {program['result']}")
    print("\n".join(said[-60:]))


def main(builds):
    counts, slowest = Counts(), []
    for build in builds:
        for program in programs(build):
            remarks = count_claims(program, counts)
            if program["result"] not in GOOD:
                show_failure(program)
            for remark in remarks:
                print(remark)
            where = f" ({build})" if len(builds) > 1 else ""
            slowest.append((program["duration"], program["name"] + where))
    print("slowest: " + ", ".join(f"{name} {seconds:.1f} s"
                                  for seconds, name in sorted(slowest, reverse=True)[:SLOWEST]))
    if not counts.passed + counts.failed:
        print("no test ran")
    print(counts.line())
    return 0 if counts.passed and not counts.failed else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
