#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone: nobody has to know what to include before it."""

import concurrent.futures
import os
import shlex
import subprocess
import tempfile

from sources import ROOT, of_kind
from tap import Tap

COMPILER = shlex.split(os.environ.get("EVJ_CC", "cc"))
LIBRARIES = ["glib-2.0", "jansson", "libconfig", "libcurl", "zlib"]


def flags():
    known = subprocess.run(["pkg-config", "--cflags", *LIBRARIES], capture_output=True, text=True,
                           check=False)
    return shlex.split(known.stdout) + [
        "-std=gnu17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}",
        f"-I{ROOT}/format", f"-I{os.environ.get('EVJ_BUILD', ROOT / 'build')}", "-I/usr/include/janus"]


def compile_header(path, options):
    """Twice, to see its guard at work. Returns the compiler's complaints."""
    with tempfile.NamedTemporaryFile("w", suffix=".c", encoding="utf-8") as program:
        name = ROOT / path
        program.write(f'#include "{name}"\n#include "{name}"\nint unit_may_not_be_empty;\n')
        program.flush()
        done = subprocess.run([*COMPILER, *options, program.name], capture_output=True, text=True,
                              check=False)
    return "" if done.returncode == 0 else done.stderr or "failed"


def every_header_compiles_alone(tap):
    options = flags()
    headers = [path for path in of_kind(".h") if path.parts[0] != "tests"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda path: compile_header(path, options), headers))
    for path, complaints in zip(headers, results):
        tap.ok(not complaints, f"{path} compiles alone", complaints[-2000:])


def main():
    tap = Tap()
    tap.run(every_header_compiles_alone)
    tap.done()


if __name__ == "__main__":
    main()
