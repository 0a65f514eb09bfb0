#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command on a terminal of its own and prints what it shows, control characters made visible.

    terminal.py COMMAND [ARGUMENT…]
"""

import os
import pty
import sys

shown = bytearray()


def read(descriptor):
    data = os.read(descriptor, 4096)
    shown.extend(data)
    return data


# What spawn() copies to standard output is not wanted: only what is collected, in one form.
saved = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
status = pty.spawn(sys.argv[1:], read)
os.dup2(saved, 1)
text = shown.decode(errors="backslashreplace").replace("\r\n", "\n")
print("".join(c if c == "\n" or c.isprintable() else f"<{ord(c):02X}>" for c in text), end="")
sys.exit(os.waitstatus_to_exitcode(status))
