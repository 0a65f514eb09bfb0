# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recorder was given, as its caller noted it (witness.c), against what evj reads of it."""

import collections
import os
import re
import struct
import zlib

import evj
from tap import Missing

LIBRARY = os.environ.get("EVJ_WITNESS_LIBRARY", "")
NOTE = struct.Struct("=II")
EVENT = re.compile(rb'\{"seq":(\d+),"mono":-?\d+,"event":')
GAP = re.compile(rb'\{"seq":(\d+),"mono":-?\d+,"gap":\{"events":(\d+),(?:"bytes":(\d+),)?"reason":"([^"]*)"')
# What a reader has to say of a journal whose recorder is gone, and of one with gaps.
NOT_CLOSED = re.compile("was not closed, its recorder died; read up to the last event in its spool$")
MISSING = re.compile(r"(\d+) events? (is|are) missing \(see the gap records?\)$")

Gap = collections.namedtuple("Gap", "seq events size reason")


class Witness:
    """The notes of one server's life: (size, CRC-32) of each event, by its seq."""

    def __init__(self, place, name):
        self.path = place.path / f"{name}.notes"
        self.environment = {"EVJ_WITNESS": str(self.path)}

    def count(self):
        return self.path.stat().st_size // NOTE.size if self.path.exists() else 0

    def notes(self):
        whole = self.path.read_bytes() if self.path.exists() else b""
        return list(NOTE.iter_unpack(whole[:len(whole) // NOTE.size * NOTE.size]))


def recorder(folder, **settings):
    """The recorder with its witness, for Janus's list of handlers: {library: settings}."""
    settings = evj.recorder(folder, **settings)[evj.RECORDER]
    if not os.path.exists(LIBRARY):
        raise Missing(f"the witness is not built ({LIBRARY}; it needs Debian's janus-dev)")
    return {LIBRARY: settings}


class Reading:
    """What evj reads of some journals now: events and gaps by seq, and what it has to complain of."""

    def __init__(self, *journals):
        self.events, self.gaps, self.disorder = {}, [], []
        self.first = self.next = None
        self.status, self.said = 0, ""
        if journals:
            self._read(journals)

    def _read(self, journals):
        done = evj.run("cat", "--format", "record", *journals, status=None)
        self.status, self.said = done.returncode, done.stderr.decode(errors="replace")
        for line in done.stdout.splitlines():
            self._take(line)

    def _take(self, line):
        if found := EVENT.match(line):
            text = line[found.end():-1]
            self._count(int(found[1]), 1)
            self.events[int(found[1])] = (len(text), zlib.crc32(text))
        elif found := GAP.match(line):
            self._count(int(found[1]), int(found[2]))
            self.gaps.append(Gap(int(found[1]), int(found[2]), int(found[3] or -1), found[4].decode()))

    def _count(self, seq, span):
        if self.first is None:
            self.first = seq
        elif seq != self.next:
            self.disorder.append(f"seq {seq} where {self.next} is due")
        self.next = seq + span

    @property
    def complaints(self):
        """What it said, but for what is so after a crash, and what the recorder had lost."""
        return [line for line in self.said.splitlines() if not NOT_CLOSED.search(line)
                and not ((told := MISSING.search(line)) and int(told[1]) == self.in_gaps)]

    @property
    def in_gaps(self):
        return sum(gap.events for gap in self.gaps)

    def miscounts(self, notes):
        """Gaps that do not tell exactly what they lack."""
        return [gap for gap in self.gaps
                if gap.size != sum(size for size, _crc in notes[gap.seq:gap.seq + gap.events])]

    def lacks(self, notes):
        """Seqs that were noted, behind all that was read. (evj makes a gap of what is missing before.)"""
        return list(range(self.next or 0, len(notes)))

    def alters(self, notes):
        """Seqs of events that are not those that were noted."""
        return [seq for seq, known in self.events.items() if seq < len(notes) and notes[seq] != known]

    def invents(self, notes):
        """How many more there are than were noted. One, of a server that was killed, may have been
        recorded when its caller had no time left to note it."""
        return max(0, (self.next or 0) - len(notes))
