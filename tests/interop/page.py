# SPDX-License-Identifier: GPL-3.0-or-later
"""The blocks of a page that a test runs or checks."""

import re

BLOCK = re.compile(r"(?:<!-- (?:runs|checked): (?P<name>[\w-]+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)\n```",
                   re.DOTALL)


def blocks_of(text):
    """{name, language, text} of each, in order. The name stands above it, `<!-- runs: NAME -->`; else None."""
    return [match.groupdict() for match in BLOCK.finditer(text)]
