#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of docs/architecture.md, enforced: which folder may use which, and which libraries."""

import pathlib
import re
import sys
import tempfile

from sources import ROOT, of_kind, tracked
from tap import Tap

FOLDERS = ("format", "recorder", "replay", "tools")
MAY_USE = {
    "format": {"format"},
    "recorder": {"recorder", "format"},
    "replay": {"replay", "format"},
    "tools": {"tools", "replay", "format"},
}
# Headers of libraries that only some folders may see. What is not listed is libc.
LIBRARY_OF = (
    (re.compile(r"^(zlib|libdeflate)\.h$"), "zlib"),
    (re.compile(r"^jansson\.h$"), "jansson"),
    (re.compile(r"^(glib|gio|gmodule|glib-unix)(\.h|/)"), "glib"),
    (re.compile(r"^libconfig\.h$"), "libconfig"),
    (re.compile(r"^curl/"), "libcurl"),
    (re.compile(r"^microhttpd\.h$"), "libmicrohttpd"),
    (re.compile(r"^(janus/|eventhandler\.h|events/|plugins/|transports/|\.\./utils\.h)"), "janus"),
    (re.compile(r"^cmocka\.h$"), "cmocka"),
)
MAY_LINK = {
    "format": {"zlib"},
    "recorder": {"glib", "jansson", "janus"},
    "replay": {"glib", "jansson", "libconfig", "libcurl", "zlib"},
    "tools": {"glib", "jansson", "libmicrohttpd", "zlib"},
}
# Variables of meson that stand for a folder or a library.
DEPENDENCY_OF = {
    "zlib_dep": "zlib", "libdeflate_dep": "zlib", "glib_dep": "glib", "gmodule_dep": "glib",
    "jansson_dep": "jansson", "libconfig_dep": "libconfig", "curl_dep": "libcurl",
    "libcurl_dep": "libcurl", "mhd_dep": "libmicrohttpd", "microhttpd_dep": "libmicrohttpd",
    "libmicrohttpd_dep": "libmicrohttpd", "cmocka_dep": "cmocka", "janus_dep": "janus",
    "libevj": "format", "libevj_dep": "format", "recorder_dep": "recorder",
    "journalevh": "recorder", "journalevh_dep": "recorder", "replay_dep": "replay",
    "host_dep": "replay", "libreplay": "replay", "libhost": "replay", "evj": "tools",
    "analysis_dep": "tools",
}
# format/, replay/ and tools/analysis/ never print or exit: only commands and plugin.c do.
SILENT = ("format/", "replay/", "tools/analysis/")
NOISE = re.compile(r"(?<![\w.>])(?:(printf|puts|putchar|perror|err|errx|warn|warnx|exit|_exit|abort"
                   r"|g_print|g_printerr|g_error)\s*\(|(stdout|stderr)\b)")
MAY_SPEAK = {
    "replay/supervise.c": "the child process that runs handlers ends by _exit()",
    "replay/sink_stdout.c": "its events go to standard output",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def folder_of_include(path, own):
    """The folder of ours that an #include "…" reaches into; None for a library's header."""
    first = path.split("/")[0]
    if first == "evj":
        return "format"
    if first in FOLDERS or first == "tests":
        return first
    return own if "/" not in path else None


def include_violations(path, text):
    own = path.parts[0]
    for ours, system in INCLUDE.findall(text):
        used = folder_of_include(ours, own) if ours else None
        if used and used not in MAY_USE[own]:
            yield f"{path}: {own}/ may not include \"{ours}\" of {used}/"
        library = next((name for pattern, name in LIBRARY_OF if pattern.match(system or ours)), None)
        if library and not used and library not in MAY_LINK[own]:
            yield f"{path}: {own}/ may not use {library} (<{system or ours}>)"
        if library == "janus" and own == "recorder" and path.name != "plugin.c":
            yield f"{path}: only recorder/plugin.c includes Janus's headers"


def meson_violations(path, text):
    own = path.parts[0]
    for word in sorted(set(re.findall(r"\b\w+\b", re.sub(r"#[^\n]*|'[^']*'", "", text)))):
        used = DEPENDENCY_OF.get(word)
        allowed = MAY_USE[own] | MAY_LINK[own]
        if used and used not in allowed:
            yield f"{path}: {own}/ may not depend on {word} ({used})"


def noise_violations(path, text):
    name = path.as_posix()
    if not name.startswith(SILENT) or name.startswith(tuple(MAY_SPEAK)):
        return
    for call, stream in NOISE.findall(COMMENT_OR_STRING.sub('""', text)):
        yield f"{path}: uses {call or stream}, but this folder never prints or exits"


def violations(root):
    found = []
    for path in tracked(root):
        if path.parts[0] not in FOLDERS:
            continue
        text = (root / path).read_text(errors="replace")
        if path.suffix in (".c", ".h"):
            found += include_violations(path, text)
            found += noise_violations(path, text)
        elif path.name == "meson.build":
            found += meson_violations(path, text)
    return found


PLANTED = {
    "recorder/meets_replay.c": '#include "replay/clock.h"\n',
    "replay/meets_recorder.c": '#include "recorder/serialise.h"\n',
    "format/knows_json.c": "#include <jansson.h>\n",
    "format/knows_tools.h": '#  include "tools/report.h"\n',
    "recorder/second_plugin.c": "#include <janus/events/eventhandler.h>\n",
    "tools/needs_tests.c": '#include "tests/support/test.h"\n',
    "tools/analysis/prints.c": "void show(void)\n{\n    printf(\"no\");\n}\n",
    "format/warns.c": "void warn_of(FILE *out)\n{\n    fputs(text, stderr);\n}\n",
    "replay/exits.c": "void stop(void)\n{\n    exit(1);\n}\n",
    "format/meson.build": "x = static_library('evj', dependencies: [zlib_dep, jansson_dep])\n",
    "recorder/meson.build": "x = shared_module('y', link_with: libreplay)\n",
}
INNOCENT = {
    "recorder/plugin.c": '#include <janus/events/eventhandler.h>\n#include "evj/spool.h"\n',
    "tools/cmd_x.c": '#include "replay/clock.h"\n#include <glib.h>\nint f(void) { return printf("x"); }\n',
    "format/block.c": '#include "block_internal.h"\n/* printf() would be wrong here */\n',
    "format/deep/writes.c": "void save(FILE *out)\n{\n    fprintf(out, text);\n}\n",
    "format/deep/meson.build": "# not jansson_dep\nx = static_library('evj', dependencies: zlib_dep)\n",
}


def plant(root, files):
    for name, text in files.items():
        path = pathlib.Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def every_planted_violation_is_found(tap):
    for name, text in PLANTED.items():
        with tempfile.TemporaryDirectory() as root:
            plant(root, {name: text})
            found = violations(pathlib.Path(root))
            tap.ok(len(found) == 1, f"the check rejects the planted violation {name}", "\n".join(found))


def what_the_table_allows_passes(tap):
    with tempfile.TemporaryDirectory() as root:
        plant(root, INNOCENT)
        tap.equal(violations(pathlib.Path(root)), [], "the check accepts what the table allows")


def the_sources_keep_to_the_table(tap):
    for folder in FOLDERS:
        found = [line for line in violations(ROOT) if line.startswith(folder + "/")]
        tap.ok(not found, f"{folder}/ uses only what the table of folders allows", "\n".join(found))
    tap.ok(of_kind(".c"), "there are sources to check")


def main():
    tap = Tap()
    tap.run(every_planted_violation_is_found, what_the_table_allows_passes, the_sources_keep_to_the_table)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
