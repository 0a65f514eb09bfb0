#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/demo does what it promises: twice in a row, unattended, and leaves nothing running."""

import gzip
import os
import pathlib
import re
import subprocess
import sys

import evj
import janus
from harness import Place
from tap import Tap

DEMO = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "demo.py"
ALWAYS_DIFFERENT = "evj diff"  # of its commands, the one that must exit 1


def run_demo(place):
    env = dict(os.environ, EVJ_DEMO=str(place.path / "demo"), TMPDIR=str(place.folder("tmp")))
    return subprocess.run([sys.executable, DEMO], env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120, check=False)


def still_running(folder):
    """Command lines of processes that name this folder."""
    lines = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line and str(os.getpid()) != entry.parent.name:
            lines.append(line)
    return lines


def suggested(output):
    """The commands that the demo prints at its end."""
    *_, ending = output.partition("Try next:")
    return re.findall(r"^ {3}((?:evj|zcat) .*)$", ending, re.MULTILINE)


def the_demo_runs_twice_in_a_row(tap):
    janus.program()  # raises Missing when there is none
    with Place() as place:
        for time in ("first", "second"):
            done = run_demo(place)
            tap.equal(done.returncode, 0, f"the demo ends well the {time} time")
            if done.returncode:
                tap.note(done.stdout[-2000:] + done.stderr[-2000:])
                return
            tap.equal(still_running(place.path), [], f"the {time} demo leaves nothing running")
        tap.equal(list((place.path / "tmp").iterdir()), [], "it leaves nothing in the temporary folder")
        for name in ("recorded", "replayed"):
            journal = place.path / "demo" / f"{name}.evj.gz"
            tap.ok("end" in evj.last_line(journal), f"it leaves {name}.evj.gz, closed", gzip.open(journal).read()[-300:])
        commands = suggested(done.stdout)
        tap.ok(len(commands) >= 5, "it suggests commands", done.stdout[-1500:])
        for command in commands:
            check_suggestion(tap, command)


def check_suggestion(tap, command):
    """What a newcomer types next must work as printed."""
    ran = subprocess.run(["bash", "-c", f'evj() {{ "$EVJ_BIN" "$@"; }}; set -o pipefail; {command}'],
                         cwd=DEMO.parent.parent, capture_output=True, timeout=60, check=False)
    wanted = 1 if command.startswith(ALWAYS_DIFFERENT) else 0
    shown = re.sub(r"/\S*/", "", command)
    tap.ok(ran.returncode == wanted and ran.stdout, f"suggested: {shown}",
           f"exit {ran.returncode}\n{ran.stderr.decode(errors='replace')}")


if __name__ == "__main__":
    demo_tap = Tap()
    demo_tap.run(the_demo_runs_twice_in_a_row)
    demo_tap.done()
