#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the binaries export: no more than their loaders need."""

import os
import re
import shutil
import subprocess

from sources import ROOT
from tap import Missing, Tap

# The linker's and the sanitizers' own.
NOT_OURS = re.compile(r"^(__bss_start|_edata|_end|__(asan|odr_asan|ubsan|sanitizer|lsan)_.*)$")


def output_of(*argv):
    if not shutil.which(argv[0]):
        raise Missing(f"{argv[0]} is not installed (Debian package binutils)")
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def exported(binary):
    """Names that a loaded library can find in this binary, but for copies of other libraries' data."""
    relocations = output_of("readelf", "--relocs", "--wide", binary).splitlines()
    copies = {line.split()[4].split("@")[0] for line in relocations if "_COPY" in line}
    listed = output_of("nm", "--dynamic", "--defined-only", binary).splitlines()
    names = {line.split()[-1].split("@")[0] for line in listed}
    return sorted(name for name in names - copies if not NOT_OURS.match(name))


def listed_symbols(path):
    """The names in a list for the linker: { name; name; }, with comments."""
    text = re.sub(r"/\*.*?\*/|#[^\n]*|//[^\n]*", "", path.read_text(), flags=re.DOTALL)
    return sorted(re.findall(r"\b([A-Za-z_]\w*)\s*;", text))


def the_recorder_exports_only_create(tap):
    recorder = os.environ["EVJ_RECORDER"]
    if not os.path.exists(recorder):
        raise Missing("the recorder is not built: it needs Janus's headers (Debian package janus-dev)")
    tap.equal(exported(recorder), ["create"], "the recorder exports only create()")


def evj_exports_what_handlers_need(tap):
    names = listed_symbols(ROOT / "replay" / "host" / "core.syms")
    tap.equal(exported(os.environ["EVJ_BIN"]), names, "evj exports exactly replay/host/core.syms")


def main():
    tap = Tap()
    tap.run(the_recorder_exports_only_create, evj_exports_what_handlers_need)
    tap.done()


if __name__ == "__main__":
    main()
