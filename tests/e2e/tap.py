# SPDX-License-Identifier: GPL-3.0-or-later
"""Test Anything Protocol: one line per claim, so that meson and CI count claims and not programs."""

import os
import sys
import traceback


class Missing(Exception):
    """A component that the test needs is not on this machine: a skip, or with CI=true a failure."""


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, passed, claim, detail=""):
        """Report a claim. `detail`, text or a function that makes it, is printed when it does not hold."""
        self.count += 1
        print(f"{'ok' if passed else 'not ok'} {self.count} - {claim}", flush=True)
        if not passed:
            self.failed += 1
            self.note(detail() if callable(detail) else detail)
        return passed

    def equal(self, got, expected, claim):
        return self.ok(got == expected, claim, lambda: difference(got, expected))

    def skip(self, claim, why):
        """Something that this machine does not allow, as opposed to a package that it lacks."""
        self.count += 1
        print(f"ok {self.count} - {claim} # SKIP {why}", flush=True)

    def missing(self, claim, what):
        if os.environ.get("CI") == "true":
            self.ok(False, claim, f"{what}; with CI=true a missing component is a failure")
        else:
            self.skip(claim, what)

    def note(self, text):
        for line in str(text).splitlines():
            print(f"# {line}", flush=True)

    def run(self, *claims):
        """Call each function with this object. An exception fails its claim and the rest go on."""
        for claim in claims:
            name = claim.__name__.replace("_", " ")
            try:
                claim(self)
            except Missing as missing:
                self.missing(name, str(missing))
            except Exception as failure:
                self.ok(False, f"{name} (stopped by an exception)", where_and_what(failure))

    def done(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failed else 0)


class Faults:
    """What went wrong of many alike, by claim: each claim is made once, of all of them."""

    def __init__(self):
        self.found = {}

    def check(self, holds, claim, detail):
        details = self.found.setdefault(claim, [])
        if not holds:
            details.append(detail() if callable(detail) else str(detail))

    def tell(self, tap, of):
        for claim, details in self.found.items():
            tap.ok(not details, f"{of}: {claim}", "\n".join(details[:10]))


def where_and_what(failure):
    """The exception, and the lines of our own that led to it."""
    frames = [f"{os.path.basename(frame.filename)}:{frame.lineno}: {frame.line}"
              for frame in traceback.extract_tb(failure.__traceback__)
              if frame.filename.startswith(os.path.dirname(os.path.abspath(__file__)))]
    return "\n".join([*frames, f"{type(failure).__name__}: {failure}"])


def difference(got, expected):
    """Where two values part: the first differing line of two lists, both values otherwise."""
    if isinstance(got, list) and isinstance(expected, list):
        for number, (left, right) in enumerate(zip(got, expected)):
            if left != right:
                return f"item {number} differs\n got      {left!r}\n expected {right!r}"
        return f"{len(got)} items, expected {len(expected)}, equal as far as both go"
    return f"got      {got!r}\nexpected {expected!r}"
