#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core's functions for handlers: Janus's headers, what evj exports, and docs/handler-host.md agree."""

import pathlib
import re

from check_symbols import listed_symbols
from sources import ROOT
from tap import Missing, Tap

JANUS = pathlib.Path("/usr/include/janus")
PAGE = "docs/handler-host.md"
OFFERED = ("apierror.h", "config.h", "debug.h", "events/eventhandler.h", "ip-utils.h", "log.h", "mutex.h",
           "refcount.h", "utils.h")


def without_noise(text):
    """C without comments, preprocessor lines, and what is in braces."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
    text = re.sub(r"\\\n", " ", text)
    text = re.sub(r"^\s*#[^\n]*", "", text, flags=re.MULTILINE)
    while "{" in text:
        text, before = re.sub(r"\{[^{}]*\}", "", text), text
        if text == before:
            break
    return text


def declared(header):
    """Functions and variables that this header says somebody else has."""
    names = set()
    for statement in without_noise((JANUS / header).read_text()).split(";"):
        words = " ".join(statement.split())
        function = re.match(r"(?:extern )?[\w\s*]*?\b(janus_\w+) ?\(", words)
        variable = re.match(r"extern [\w\s*]*?\b(\w+)$", words)
        if words.startswith(("typedef", "static")):
            continue
        if function or variable:
            names.add((function or variable).group(1))
    return names


def page_section(title):
    text = (ROOT / PAGE).read_text()
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL).group(1)


def left_out():
    """The functions that the page lists one by one: indented lines of names."""
    lines = re.findall(r"^ {4}(.+)$", page_section("What it lacks"), re.MULTILINE)
    return [name for line in lines for name in line.split()]


def janus_headers():
    if not JANUS.is_dir():
        raise Missing("Janus's headers are not installed (Debian package janus-dev)")
    return sorted(str(path.relative_to(JANUS)) for path in JANUS.rglob("*.h"))


def every_function_is_there_or_listed_as_left_out(tap):
    janus_headers()
    exported = set(listed_symbols(ROOT / "replay" / "host" / "core.syms"))
    wanted = set().union(*map(declared, OFFERED)) - {"counters", "counters_mutex"}  # REFCOUNT_DEBUG's
    listed = left_out()
    tap.ok(len(wanted) > 80, "the headers of Janus declare what handlers may call", sorted(wanted))
    tap.equal(sorted(wanted - exported - set(listed)), [], f"what evj does not export of them stands in {PAGE}")
    tap.equal(sorted(set(listed) - wanted), [], "what stands there is in the headers")
    tap.equal(sorted(set(listed) & exported), [], "and is not exported")
    tap.equal(len(listed), len(set(listed)), "and stands there once")
    tap.equal(sorted(exported - wanted), ["janus_events_edit_events_mask", "janus_events_type_to_label",
                                          "janus_events_type_to_name"],
              "what evj exports beyond the headers are the three functions of events.h")


def every_header_is_offered_or_left_out(tap):
    page = page_section("What it offers"), page_section("What it lacks")
    found = janus_headers()
    tap.equal([header for header in found if (header in OFFERED) != (f"`{header}`" in page[0])], [],
              f"{PAGE} names the headers that are offered")
    tap.equal([header for header in found if header not in OFFERED and f"`{header}`" not in page[1]], [],
              "and those that are not")


def main():
    tap = Tap()
    tap.run(every_function_is_there_or_listed_as_left_out, every_header_is_offered_or_left_out)
    tap.done()


if __name__ == "__main__":
    main()
