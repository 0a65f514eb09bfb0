#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the calls that the repository ships, with a real browser and a real Janus.

    ninja -C build
    export EVJ_BIN=build/tools/evj EVJ_RECORDER=build/recorder/libjanus_journalevh.so
    python3 tests/e2e/record_calls.py shown                  tests/data/calls/: the two of the README
    python3 tests/e2e/record_calls.py [--times N] [KIND…]    tests/data/recordings/KIND/NN.evj.gz, from 01
    python3 tests/e2e/record_calls.py --plain [KIND…]        KIND/00.evj.gz, where nothing varies
    python3 tests/e2e/record_calls.py signalled              tests/data/plugins/KIND/NN.evj.gz, without a browser

What is there already is not recorded again. All this happens in namespaces of its own, so that the journals
name neither this machine nor its addresses.
"""

import argparse
import pathlib
import shutil
import socket
import sys

import browser
import evj
import namespaces
import recordings
import signalled
from harness import Place
from janus import Janus

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
SHOWN = {"good": "echo", "failing": "dtlsfail"}


def keep(journal, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(journal, target)
    target.chmod(0o644)
    print(f"{target}: {target.stat().st_size} bytes, {len(evj.event_lines(target))} events", flush=True)


def record_shown(name, scenario):
    with Place() as place:
        folder = place.folder("journals")
        with Janus(place, evj.recorder(folder), server_name="gw-demo") as janus:
            status, said = browser.call(place, janus, scenario, seconds=5)
            janus.stop()
        if status != 0:
            sys.exit(f"the call went wrong: {said}")
        keep(evj.only_journal(folder), DATA / "calls" / f"{name}.evj.gz")


def record_kind(record, folder, kind, numbers):
    for number in numbers:
        target = folder / kind / f"{number:02}.evj.gz"
        if not target.exists():
            with Place() as place:
                keep(record(place, kind, number), target)


def parse_arguments():
    parser = argparse.ArgumentParser(description="Records calls of a real browser to a real Janus.")
    parser.add_argument("--to", type=pathlib.Path, default=DATA / "recordings", metavar="FOLDER")
    parser.add_argument("--times", type=int, default=10, help="calls of each kind (10)")
    parser.add_argument("--plain", action="store_true", help="one call of each kind instead, short and on a calm machine")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="'shown', 'signalled', or of " + ", ".join(recordings.KINDS))
    return parser.parse_args()


def main():
    args = parse_arguments()
    if not namespaces.enter("network"):
        sys.exit("this needs a network namespace: run it as root")
    socket.sethostname("gateway")
    if args.kinds == ["shown"]:
        for name, scenario in SHOWN.items():
            record_shown(name, scenario)
        return
    if args.kinds == ["signalled"]:
        for kind in signalled.KINDS:
            record_kind(signalled.record, DATA / "plugins", kind, range(1, 4))
        return
    for kind in args.kinds or recordings.KINDS:
        record_kind(recordings.record, args.to, kind, [0] if args.plain else range(1, args.times + 1))


if __name__ == "__main__":
    main()
