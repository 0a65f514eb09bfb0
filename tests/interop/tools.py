# SPDX-License-Identifier: GPL-3.0-or-later
"""The other tools, and what evj says of the same journal."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path.insert(0, str(TESTS / "e2e"))  # tap.py

from tap import Missing  # noqa: E402

EVJ = os.environ.get("EVJ_BIN", "evj")
GENERATE = os.environ.get("EVJ_GENERATE", "evj_generate")
TIMEOUT_S = 120


class ToolFailed(Exception):
    """A tool that reads a journal must not find a fault in it."""


def run(*argv, stdin=b"", cwd=None, shell=None):
    """What it prints. `shell`: a command line instead."""
    argv = ["bash", "-c", shell] if shell else [str(each) for each in argv]
    done = subprocess.run(argv, input=stdin, cwd=cwd, capture_output=True, timeout=TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise ToolFailed(f"{' '.join(argv)}\nexit {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return done.stdout


def require(*programs):
    lacking = [program for program in programs if not shutil.which(program)]
    if lacking:
        raise Missing(f"{', '.join(lacking)} not installed; scripts/setup interop installs them")


def duckdb(sql, cwd):
    """The rows of the last statement."""
    require("node")
    modules = modules_folder()
    if not (modules / "@duckdb" / "node-api").exists():
        raise Missing("npm package @duckdb/node-api not installed; scripts/setup interop installs it")
    output = run("node", HERE / "duckdb.mjs", modules, stdin=sql.encode(), cwd=cwd)
    return [json.loads(line) for line in output.split(b"\n")[:-1]]


def modules_folder():
    """Where scripts/setup puts the npm package: the same rule as there."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/var/tmp"), ".cache")
    return pathlib.Path(cache) / "evj" / "duckdb" / "node_modules"


def evj_records(journal, *selection):
    output = run(EVJ, "cat", "--format", "record", *selection, journal)
    return [json.loads(line) for line in output.split(b"\n")[:-1]]


def evj_events(journal, *selection):
    """The (mono, event) of its events."""
    return [(each["mono"], each["event"]) for each in evj_records(journal, *selection) if "event" in each]


def record(path, events):
    """Make a journal of a file's or a program's JSON lines."""
    run(EVJ, "record", "--quiet", "--stdin", "-o", path, stdin=events)


def generated(count, seed=1):
    """Events as of a busy server: calls, statistics with loss, several plug-ins."""
    return run(GENERATE, "--events", count, "--seed", seed)
