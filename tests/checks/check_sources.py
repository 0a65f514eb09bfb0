#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every source file must look like: licence line, formatting, nobody's home folder."""

import re
import shutil
import subprocess

from sources import ROOT, of_kind, tracked
from tap import Missing, Tap

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
WITH_LICENCE = (".c", ".h", ".py", ".js", ".html", ".sh", ".sym", ".in")
# An absolute path of the machine that it was written on: of no use to anyone else.
PERSONAL = re.compile(r"/(?:home|Users)/[a-z]\w*/|/roo[t]/|/wor[k]/")
CLANG_FORMAT = "clang-format-14"


def text_of(path):
    return (ROOT / path).read_text(errors="replace")


def needs_licence(path):
    if path.suffix in WITH_LICENCE or path.name == "meson.build":
        return "data" not in path.parts and not path.match("tests/cli/*.std*")
    first = text_of(path).split("\n", 1)[0]
    return not path.suffix and first.startswith("#!")


def every_source_names_its_licence(tap):
    found = [str(p) for p in tracked() if needs_licence(p) and SPDX not in text_of(p)[:400]]
    tap.ok(not found, "every source file has an SPDX line", "\n".join(found))


def no_file_names_a_developers_folder(tap):
    here = f"{ROOT}/"
    found = []
    for path in tracked():
        text = text_of(path)
        if PERSONAL.search(text) or (len(ROOT.parts) > 2 and here in text):
            found.append(str(path))
    tap.ok(not found, "no file names a folder of a developer's machine", "\n".join(found))


def c_files_are_formatted(tap):
    program = shutil.which(CLANG_FORMAT)
    if not program:
        raise Missing(f"{CLANG_FORMAT} is not installed")
    done = subprocess.run([program, "--dry-run", "-Werror", *map(str, of_kind(".c", ".h"))], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    found = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.MULTILINE)))
    tap.ok(done.returncode == 0, "every C file is as clang-format writes it",
           "\n".join(found) or done.stderr)


def text_is_clean(tap):
    found = []
    for path in of_kind(".c", ".h", ".py", ".js", ".md", ".build"):
        for number, line in enumerate(text_of(path).split("\n"), 1):
            if line.endswith((" ", "\t")) or "\r" in line or (path.suffix != ".md" and "\t" in line):
                found.append(f"{path}:{number}: a tab or trailing blanks")
    tap.ok(not found, "no tabs, trailing blanks or carriage returns", "\n".join(found[:20]))


def main():
    tap = Tap()
    tap.run(every_source_names_its_licence, no_file_names_a_developers_folder, c_files_are_formatted,
            text_is_clean)
    tap.done()


if __name__ == "__main__":
    main()
