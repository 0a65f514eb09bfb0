#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the two calls that the repository ships: tests/data/calls/{good,failing}.evj.gz.

    ninja -C build && EVJ_BIN=build/tools/evj EVJ_RECORDER=build/recorder/libjanus_journalevh.so \\
        python3 tests/e2e/record_calls.py

A real browser calls a real Janus over a WebSocket, in namespaces of its own so that the journals name
neither this machine nor its addresses; in the failing call the browser's fingerprint is falsified.
"""

import pathlib
import shutil
import socket
import sys

import browser
import evj
import namespaces
from harness import Place
from janus import Janus

CALLS = pathlib.Path(__file__).resolve().parent.parent / "data" / "calls"
SCENARIOS = {"good": "echo", "failing": "dtlsfail"}


def record(name, scenario):
    with Place() as place:
        folder = place.folder("journals")
        with Janus(place, evj.recorder(folder), server_name="gw-demo") as janus:
            status, said = browser.call(place, janus, scenario, seconds=5)
            janus.stop()
        if status != 0:
            sys.exit(f"the call went wrong: {said}")
        target = CALLS / f"{name}.evj.gz"
        shutil.move(evj.only_journal(folder), target)
        target.chmod(0o644)
        print(f"{target}: {target.stat().st_size} bytes, {len(evj.event_lines(target))} events")


if __name__ == "__main__":
    if not namespaces.enter("network"):
        sys.exit("this needs a network namespace: run it as root")
    socket.sethostname("gateway")
    CALLS.mkdir(parents=True, exist_ok=True)
    for call_name, call_scenario in SCENARIOS.items():
        record(call_name, call_scenario)
