#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option that --help names is in the command's man page, and the other way round.

    man_pages.py EVJ FOLDER
"""

import pathlib
import re
import subprocess
import sys

# "  -f, --format=FORMAT     line (default) …" in the help of GLib's option parser.
HELP_OPTION = re.compile(r"^  (?:(-\w), )?(--[a-z-]+)", re.MULTILINE)
# The line behind .TP names the options that the paragraph is about.
PAGE_TAG = re.compile(r"^\.TP\n(\.B[IR]? .*)$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][a-z-]*")


def help_of(evj, *command):
    return subprocess.run([evj, *command, "--help"], stdout=subprocess.PIPE, check=True,
                          text=True, env={"LC_ALL": "C.UTF-8"}).stdout


def options_in_help(text):
    """The command's own options, and whether it has those of the selection."""
    own, _, selection = text.partition("\nSelection:\n")
    return {name for pair in HELP_OPTION.findall(own) for name in pair if name}, {
        name for pair in HELP_OPTION.findall(selection) for name in pair if name}


def options_in_page(text):
    tags = "\n".join(PAGE_TAG.findall(text)).replace("\\-", "-")
    return set(OPTION.findall(tags))


def section(page, title):
    found = re.search(rf"^\.SH {title}\n(.*?)(?=^\.SH )", page, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def compare(page, own):
    in_page = options_in_page(section(page, "OPTIONS"))
    return ([f"{name} is not in the man page" for name in sorted(own - in_page)] +
            [f"{name} is not in --help" for name in sorted(in_page - own)])


def check_command(evj, folder, general, command):
    path = folder / f"evj-{command}.1"
    if not path.exists():
        return [f"there is no {path.name}"]
    page = path.read_text()
    own, selection = options_in_help(help_of(evj, command))
    problems = compare(page, own)
    if selection and "under SELECTION" not in page.replace("\n", " "):
        problems.append("the selection options are not mentioned")
    if selection and selection != options_in_page(section(general, "SELECTION")):
        problems.append("evj(1) has not the same selection options")
    if f".BR evj\\-{command} (1)" not in general:
        problems.append("evj(1) does not name the command")
    return problems


def main():
    evj, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    general = (folder / "evj.1").read_text()
    commands = re.findall(r"^  (\w+) +\S", help_of(evj).partition("Commands:\n")[2], re.MULTILINE)
    failed = False
    print(f"1..{len(commands)}")
    for number, command in enumerate(commands, 1):
        problems = check_command(evj, folder, general, command)
        failed |= bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - evj-{command}(1) and --help agree")
        for problem in problems:
            print(f"# {problem}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
