#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `meson test` found, claim by claim: failures, skips, the slowest programs, and the counts.

    scripts/summary.py BUILD

Reads BUILD/meson-logs/testlog.json. The last line is "N passed, N failed, N skipped". Exits 1 when
anything failed or nothing ran.
"""

import json
import pathlib
import re
import sys

SLOWEST = 8
SHOWN_LINES = 60
CLAIM = re.compile(r"^(ok|not ok)\b\s*\d*\s*-?\s*(.*)$")
SKIP = re.compile(r"#\s*SKIP\b", re.IGNORECASE)


class Outcome:
    """The claims of one test program."""

    def __init__(self, program):
        self.program = program
        self.passed, self.failed, self.skipped = [], [], []
        for line in program.get("stdout", "").splitlines():
            if claim := CLAIM.match(line):
                self._sort(*claim.groups())
        self._judge_program()

    def _sort(self, verdict, claim):
        # cmocka writes "not ok … # SKIP", so the directive decides first.
        if SKIP.search(claim):
            self.skipped.append(claim)
        elif verdict == "ok":
            self.passed.append(claim)
        else:
            self.failed.append(claim)

    def _judge_program(self):
        """A program without claims is one claim itself; so is a crash or a time-out after the last one."""
        result, status = self.program["result"], self.program.get("returncode")
        if self.failed or (result == "FAIL" and status == 0 and self.skipped):
            return  # the claims tell it; meson takes cmocka's skips for failures
        if result not in ("OK", "SKIP", "EXPECTEDFAIL"):
            self.failed.append(f"the program ended with {result} (status {status})")
        elif not self.passed and not self.skipped:
            (self.skipped if result == "SKIP" else self.passed).append("the program")

    def show(self):
        if self.failed:
            said = [line for stream in ("stdout", "stderr")
                    for line in self.program.get(stream, "").splitlines() if not line.startswith("ok ")]
            print(f"---- {self.program['name']}")
            print("\n".join(said[-SHOWN_LINES:]))
        for claim in self.failed:
            print(f"FAILED: {self.program['name']}: {claim}")
        for claim in self.skipped:
            print(f"skipped: {self.program['name']}: {claim}")


def outcomes(build):
    log = pathlib.Path(build) / "meson-logs" / "testlog.json"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return [Outcome(json.loads(line)) for line in lines]


def main(build):
    found = outcomes(build)
    for outcome in found:
        outcome.show()
    slowest = sorted(((o.program["duration"], o.program["name"]) for o in found), reverse=True)
    print("slowest: " + ", ".join(f"{name} {seconds:.1f} s" for seconds, name in slowest[:SLOWEST]))
    passed, failed, skipped = (sum(len(getattr(o, kind)) for o in found)
                               for kind in ("passed", "failed", "skipped"))
    if not passed + failed:
        print("no test ran")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
