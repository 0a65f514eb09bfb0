# SPDX-License-Identifier: GPL-3.0-or-later
"""A writer of journals, written from docs/journal-format.md: the second implementation beside format/.

It also writes what no good writer would: every field of a block's header can be given a value of its
own, and every byte of a journal can be changed, for tests of readers.
"""

import json
import struct
import zlib

FIRST, LAST, GAP, MARK, STATE = 1, 2, 4, 8, 16
KIND_FLAGS = {"journal": FIRST, "end": LAST, "gap": GAP, "mark": MARK, "state": STATE, "event": 0}
FILTER_MAX = 4096
MASK = (1 << 64) - 1


def line(record):
    """A record as a writer of version 1 writes it; text stands for itself."""
    return record if isinstance(record, str) else json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def kind_of(record):
    return next((kind for kind in KIND_FLAGS if kind in record), None)


# ---- the session filter ----

def mix(number):
    x = number
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & MASK
    x = (x ^ x >> 27) * 0x94d049bb133111eb & MASK
    return x ^ x >> 31


def bits_of(session, size, hashes):
    h = mix(session)
    return [((h & 0xffffffff) + i * (h >> 32 | 1) & MASK) % (8 * size) for i in range(hashes)]


def filter_of(sessions, size, hashes):
    bits = bytearray(size)
    for session in sessions:
        for bit in bits_of(session, size, hashes):
            bits[bit // 8] |= 1 << bit % 8
    return bytes(bits)


def filter_size(sessions):
    """12 bits to each session, at least 8 bytes; 0, which is none, beyond the limit."""
    size = max(8, (len(sessions) * 12 + 7) // 8)
    return size if size <= FILTER_MAX else 0


# ---- what a block's header says of its lines ----

class Place:
    """Where the next block of a file stands: behind all records so far."""

    def __init__(self):
        self.next_seq = 0
        self.last_mono = 0

    def take(self, records):
        """first seq, least and greatest mono of a block with these records."""
        placed = [r for r in records if "seq" in r and "mono" in r and kind_of(r) != "state"]
        if not placed:
            return self.next_seq, self.last_mono, self.last_mono
        least = min(r["mono"] for r in placed)
        greatest = max(max(r["mono"], r.get("gap", {}).get("until", r["mono"])) for r in placed)
        last = placed[-1]
        self.next_seq = last["seq"] + last.get("gap", {"events": 1})["events"]
        self.last_mono = greatest
        return placed[0]["seq"], least, greatest


def number_of(event, key, least=0, beyond=1 << 64):
    """An integer of an event's; anything else is as if it were not there."""
    value = event.get(key)
    return value if type(value) is int and least <= value < beyond else None


def fields_of(records, place):
    """The EJ subfield's fields for these records, by name."""
    events = [r[kind_of(r)] for r in records if kind_of(r) in ("event", "state")]
    times = [number_of(e, "timestamp", -1 << 63, 1 << 63) or 0 for e in events]
    sessions = sorted({number_of(e, "session_id") or 0 for e in events} - {0})
    size = filter_size(sessions)
    first_seq, first_mono, last_mono = place.take(records)
    types = flags = 0
    for event in events:
        types |= number_of(event, "type", 0, 1 << 32) or 0
    for record in records:
        flags |= KIND_FLAGS.get(kind_of(record), 0)
    return {"major": 1, "minor": 0, "flags": flags, "records": len(records), "first_seq": first_seq,
            "first_mono": first_mono, "last_mono": last_mono,
            "least_timestamp": min(times, default=0), "greatest_timestamp": max(times, default=0),
            "types": types, "filter_size": size, "hashes": 4 if size else 0, "sessions": sessions}


def subfield(fields, member_size, text_size):
    size = fields["filter_size"]
    bits = fields.get("filter", filter_of(fields["sessions"], size, fields["hashes"]) if size else b"")
    head = struct.pack(
        "<BBHIIIQqqqqIHH", fields["major"], fields["minor"], fields["flags"],
        fields.get("member_size", member_size), fields.get("text_size", text_size), fields["records"],
        fields["first_seq"], fields["first_mono"], fields["last_mono"], fields["least_timestamp"],
        fields["greatest_timestamp"], fields["types"], size, fields["hashes"]) + bits
    return head + struct.pack("<I", fields.get("header_crc", zlib.crc32(head))) + fields.get("behind_crc", b"")


def extra_subfield(name, content):
    return name + struct.pack("<H", len(content)) + content


def deflate(text, level=6, strategy=zlib.Z_DEFAULT_STRATEGY, flush_every=0):
    """Raw deflate data. flush_every: an empty stored block, as of Z_SYNC_FLUSH, after so many bytes."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    step = flush_every or max(1, len(text))
    data = b""
    for at in range(0, len(text), step):
        data += compressor.compress(text[at:at + step])
        if flush_every:
            data += compressor.flush(zlib.Z_SYNC_FLUSH)
    return data + compressor.flush()


def member(records, place, *, gzip_head=b"\x1f\x8b\x08\x04\0\0\0\0\0\xff", before=b"", after=b"", text=None,
           data=None, trailer=None, compress=None, behind_header=b"", **fields):
    """
    One block of these records. What a keyword names is used instead of what it should be: the fields of
    fields_of() and subfield(), subfields `before` and `after` EJ, the gzip header's first ten bytes, the
    text, its compressed `data`, the `trailer`; behind_header: bytes between the extra field and the data.
    """
    lines = [line(record) for record in records]
    if text is None:
        text = "".join(each + "\n" for each in lines).encode()
    parsed = [json.loads(each) for each in lines]
    fields = fields_of(parsed, place) | fields
    if data is None:
        data = deflate(text, **(compress or {}))
    if trailer is None:
        trailer = struct.pack("<II", zlib.crc32(text), len(text))
    ej_size = len(subfield(fields, 0, 0))
    extra_size = len(before) + 4 + ej_size + len(after)
    whole = len(gzip_head) + 2 + extra_size + len(behind_header) + len(data) + len(trailer)
    ej = extra_subfield(b"EJ", subfield(fields, whole, len(text)))
    return gzip_head + struct.pack("<H", extra_size) + before + ej + after + behind_header + data + trailer


class Journal:
    """A journal in the making: its members, and what a reader must give for them."""

    def __init__(self):
        self.place = Place()
        self.members = []
        self.given = []

    def block(self, *records, **how):
        """Add a block. Returns self, so that blocks can be chained."""
        self.members.append(member(records, self.place, **how))
        for record in map(line, records):
            if kind_of(json.loads(record)) not in (None, "journal"):
                self.given.append(record)
        return self

    def __bytes__(self):
        return b"".join(self.members)
