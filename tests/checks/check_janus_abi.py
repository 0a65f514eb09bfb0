#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the recorder asks of Janus: symbols that every core with handler API 3 exports, headers that each installs.

The handler API is 3 since Janus 0.6.0. A symbol or header that is not in these tables ties the recorder to
some version: look where it comes from, and since when, before it is added.
"""

import os
import re
import shlex
import shutil
import subprocess

from sources import ROOT
from tap import Missing, Tap

# Symbol → the file of Janus that defines it, and the first version with API 3 that exports it.
SYMBOLS = {
    "janus_config_parse": ("config.c", "0.6.0"),
    "janus_config_get": ("config.c", "0.6.0"),
    "janus_config_destroy": ("config.c", "0.6.0"),
    "janus_events_edit_events_mask": ("events.c", "0.6.0"),
    "janus_vprintf": ("log.c", "0.6.0"),
    "janus_log_level": ("janus.c", "0.6.0"),
    "janus_log_timestamps": ("janus.c", "0.6.0"),
    "janus_log_colors": ("janus.c", "0.6.0"),
    # In JANUS_LOG() as of 0.9.1: a recorder that is built with older headers does not ask for it.
    "janus_log_global_prefix": ("janus.c", "0.9.1"),
}

# Those of Janus's headers, below its include folder, that its build installs for others (Makefile.am).
HEADERS = {"config.h", "debug.h", "log.h", "utils.h", "events/eventhandler.h"}

OF_JANUS = re.compile(r"^(janus_|lock_debug$|refcount_debug$)")


def recorder():
    path = os.environ["EVJ_RECORDER"]
    if not os.path.exists(path):
        raise Missing("the recorder is not built: it needs Janus's headers (Debian package janus-dev)")
    return path


def output_of(*argv):
    if not shutil.which(argv[0]):
        raise Missing(f"{argv[0]} is not installed")
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def symbols_of(binary, which):
    """Names in the dynamic symbol table, without versions."""
    listed = output_of("nm", "--dynamic", which, binary).splitlines()
    return {line.split()[-1].split("@")[0] for line in listed}


def the_recorder_asks_for_what_all_cores_export(tap):
    asked = {name for name in symbols_of(recorder(), "--undefined-only") if OF_JANUS.match(name)}
    tap.equal(sorted(asked), sorted(SYMBOLS), "the recorder asks Janus's core for the symbols that the table has")


def the_installed_core_exports_them(tap):
    janus = shutil.which("janus")
    if not janus:
        raise Missing("janus is not installed (Debian package janus)")
    tap.equal(sorted(set(SYMBOLS) - symbols_of(janus, "--defined-only")), [], f"{janus} exports all of them")


def include_folder():
    """Where Janus's headers are: as recorder/meson.build looks for them."""
    known = subprocess.run(["pkg-config", "--variable=includedir", "janus-gateway"], capture_output=True,
                           text=True, check=False)
    return known.stdout.strip() or "/usr/include/janus"


def headers_of_janus():
    """Those that are read when the recorder is compiled, whoever includes them."""
    recorder()
    flags = shlex.split(output_of("pkg-config", "--cflags", "glib-2.0", "jansson"))
    read = output_of(*shlex.split(os.environ.get("EVJ_CC", "cc")), "-M", "-std=gnu17", "-D_GNU_SOURCE", f"-I{ROOT}",
                     f"-I{ROOT}/format", f"-I{os.environ['EVJ_BUILD']}", f"-I{include_folder()}", *flags,
                     str(ROOT / "recorder" / "plugin.c"))
    paths = [os.path.normpath(word) for word in read.replace("\\\n", " ").split()]
    below = os.path.normpath(include_folder()) + "/"
    return {path.removeprefix(below) for path in paths if path.startswith(below)}


def the_recorder_includes_what_Janus_installs(tap):
    tap.equal(sorted(headers_of_janus()), sorted(HEADERS), "of Janus's headers the recorder reads those of the table")


def Debian_has_them_in_one_package(tap):
    if not shutil.which("dpkg-query"):
        tap.skip("janus-dev has the headers", "this is no Debian")
        return
    owners = subprocess.run(["dpkg-query", "--search", *[f"{include_folder()}/{name}" for name in sorted(HEADERS)]],
                            capture_output=True, text=True, check=False).stdout
    packages = {line.split(":")[0] for line in owners.splitlines()}
    if not packages:
        tap.skip("janus-dev has the headers", "they are of no package")
        return
    tap.equal((sorted(packages), len(owners.splitlines())), (["janus-dev"], len(HEADERS)),
              "all of them are in the package janus-dev")


def main():
    tap = Tap()
    tap.run(the_recorder_asks_for_what_all_cores_export, the_installed_core_exports_them,
            the_recorder_includes_what_Janus_installs, Debian_has_them_in_one_package)
    tap.done()


if __name__ == "__main__":
    main()
