#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the command-line cases: NAME.sh beside what it must print and how it must end.

    run.py [--rewrite] EVJ MAKE_JOURNAL [NAME…]

Each NAME.sh runs in an empty folder of its own with `evj` and `make_journal` in its PATH and the
test data in $DATA. What it prints is compared with NAME.stdout and NAME.stderr, its exit status with
NAME.exit; a file that is missing means nothing printed, or 0. --rewrite writes these files anew: look
at the difference before you commit it. Ids of recordings are replaced by <id>.
"""

import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"
TIMEOUT_S = 180
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def environment(programs, folder):
    """The same for everyone: no locale, time zone, colour or terminal of the caller's."""
    bin_folder = pathlib.Path(folder) / "bin"
    bin_folder.mkdir()
    for name, path in programs.items():
        (bin_folder / name).symlink_to(pathlib.Path(path).resolve())
    kept = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
    return kept | {"PATH": f"{bin_folder}:{os.environ['PATH']}", "DATA": str(DATA), "TZ": "UTC",
                   "LC_ALL": "C.UTF-8", "HOME": str(folder), "TERM": "dumb"}


def steady(text, folder):
    """The output without what differs from run to run."""
    text = UUID.sub("<id>", text.decode(errors="backslashreplace"))
    return text.replace(str(folder), "<folder>").replace(str(DATA), "<data>")


def run_case(name, programs):
    with tempfile.TemporaryDirectory(prefix="evj-cli-") as folder:
        env = environment(programs, folder)
        work = pathlib.Path(folder) / "work"
        work.mkdir()
        try:
            done = subprocess.run(["bash", str(HERE / f"{name}.sh")], cwd=work, env=env,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S,
                                  check=False)
        except subprocess.TimeoutExpired:
            return {"stdout": "", "stderr": f"took more than {TIMEOUT_S} s\n", "exit": "timeout\n"}
        return {"stdout": steady(done.stdout, folder), "stderr": steady(done.stderr, folder),
                "exit": f"{done.returncode}\n" if done.returncode else ""}


def expected(name):
    paths = {what: HERE / f"{name}.{what}" for what in ("stdout", "stderr", "exit")}
    return {what: path.read_text() if path.exists() else "" for what, path in paths.items()}


def differences(name, want, got):
    lines = []
    for what in want:
        lines += difflib.unified_diff(want[what].splitlines(), got[what].splitlines(),
                                      f"{name}.{what}", "printed", lineterm="")
    return lines


def rewrite(name, got):
    for what, text in got.items():
        path = HERE / f"{name}.{what}"
        if text:
            path.write_text(text)
        else:
            path.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rewrite", action="store_true")
    parser.add_argument("evj")
    parser.add_argument("make_journal")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    names = args.names or sorted(path.stem for path in HERE.glob("*.sh"))
    failed = False
    print(f"1..{len(names)}", flush=True)
    for number, name in enumerate(names, 1):
        got = run_case(name, {"evj": args.evj, "make_journal": args.make_journal})
        if args.rewrite:
            rewrite(name, got)
        lines = differences(name, expected(name), got)
        failed |= bool(lines)
        print(f"{'not ok' if lines else 'ok'} {number} - {name}")
        for line in lines:
            print(f"# {line}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
