#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call of each kind of plugin, recorded now, against those of tests/data/plugins: evj diff says that it is the same."""

import evj
import namespaces
import signalled
from harness import Place
from tap import Tap

ISOLATED = namespaces.enter("network")
NUMBER = 1000  # of a call that is not in the folder


def compare_kind(tap, kind):
    with Place() as place:
        journal = signalled.record(place, kind, NUMBER)
        for other in sorted((evj.DATA / "plugins" / kind).glob("*.evj.gz")):
            done = evj.run("diff", other, journal, status=None)
            tap.equal(done.returncode, 0, f"{kind}: the same as {other.name}")


def every_kind_of_plugin_is_recorded_and_compared(tap):
    for kind in signalled.KINDS:
        compare_kind(tap, kind)


if __name__ == "__main__":
    signalled_tap = Tap()
    if ISOLATED:
        signalled_tap.run(every_kind_of_plugin_is_recorded_and_compared)
    else:
        signalled_tap.skip("every kind of plugin is recorded and compared",
                           "a network card of our own is not permitted here")
    signalled_tap.done()
