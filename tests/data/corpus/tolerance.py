# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/data/valid, the other half: journals that evj does not write but a reader must read."""

import json
import random
import zlib

from .cases import valid
from .events import ALICE, BOB, MONO_US, WALL_US, core, created, end, gap, journal, mark, media, wrap
from .recordings import short
from .writer import Journal, extra_subfield

LONG_AGO = -62135596800000000


def two_sessions():
    """Three blocks, the middle one without Alice."""
    return ([created(0, ALICE), media(1, ALICE, 11)], [created(2, BOB), media(3, BOB, 22), core(4)],
            [media(5, ALICE, 11), end(6, 6, 6)])


def in_blocks(**how):
    made = short()
    for records in two_sessions():
        made.block(*records, **how)
    return made


# ---- the session filter ----

@valid
def filter_absent():
    """n = 0: a block does not tell its sessions."""
    return in_blocks(filter_size=0, hashes=0)


@valid
def filter_without_hashes():
    """k = 0: the same, whatever the filter's bytes are."""
    return in_blocks(filter_size=8, hashes=0, filter=bytes(8))


@valid
def filter_of_one_byte():
    """The smallest filter there can be."""
    return in_blocks(filter_size=1, hashes=1)


@valid
def filter_of_seven_hashes():
    """Another k, and a size that is no power of two."""
    return in_blocks(filter_size=37, hashes=7)


@valid
def filter_large():
    """As large as a filter may be."""
    return in_blocks(filter_size=4096, hashes=4)


@valid
def filter_full():
    """Every bit is set: the block may have any session."""
    return in_blocks(filter_size=8, hashes=4, filter=b"\xff" * 8)


@valid
def filter_of_many_hashes():
    """As many hashes as can be asked for."""
    return in_blocks(filter_size=8, hashes=65535)


# ---- later versions ----

@valid
def unknown_kinds():
    """Lines of other kinds are no fault; with a seq, they take their number; without, the block has a flag."""
    return (short().block(core(0), '{"seq":1,"mono":3600100000,"annotation":{"of":0,"text":"later"}}', core(2))
            .block('{"checkpoint":{"sessions":[1,2]}}', flags=32)
            .block('{"seq":3,"mono":3600300000,"annotation":[]}', '{}', core(4), '{"seq":5}', flags=32)
            .block(core(5), end(6, 9, 4)))


@valid
def unknown_keys():
    """At every level, with values of every type."""
    more = {"x-int": -7, "x-text": "}{\"", "x-list": [1, [2, {"seq": 99}]], "x-object": {"event": {"type": 1}},
            "x-null": None, "x-bool": False, "x-real": 1.5e300}
    event = media(1, ALICE, 11)
    event["event"] |= more
    return (short(**more, started_as={"wall": WALL_US, "mono": MONO_US, "tai": 37} | more)
            .block(core(0) | more, event | more, gap(2, 2, "buffer-full", types={"media": 2}, **more) | more,
                   mark(4, **more) | more, created(5, ALICE, kind="state") | more, end(5, 5, 2, 2, **more) | more))


@valid
def keys_in_another_order():
    """Readers must not depend on the order of keys."""
    def turned(value):
        if not isinstance(value, dict):
            return value
        return {key: turned(value[key]) for key in reversed(value)}
    records = [core(0), media(1, ALICE, 11), gap(2, 2, "buffer-full", types={"media": 1, "jsep": 1}), mark(4),
               end(5, 4, 2, 2)]
    return Journal().block(turned(journal())).block(*map(turned, records))


@valid
def blanks():
    """Blanks wherever JSON allows them, a carriage return before the newline included."""
    def spaced(record):
        text = json.dumps(record, ensure_ascii=False, separators=(" ,\t", "\r: "))
        return " " + text.replace("{", "{ ").replace("}", "\t}") + " \r"
    records = [core(0), media(1, ALICE, 11), gap(2, 2, "buffer-full", types={"media": 2}), mark(4), end(5, 4, 2, 2)]
    return Journal().block(spaced(journal())).block(*map(spaced, records))


@valid
def later_minor_version():
    """Version 1.7: bytes behind the header's CRC, unknown flags, an unknown kind of line."""
    how = {"minor": 7, "behind_crc": b"\x01\x02\x03\x04 of a later version"}
    return (Journal().block(journal(recorder="evj 1.7.0"), flags=0x8001, **how)
            .block(core(0), '{"index":{"of":"later"}}', created(1, ALICE), flags=0x7fe0, **how)
            .block(end(2, 3, 2), flags=0x8002, **how))


@valid
def other_subfields():
    """Subfields before and behind EJ, empty and large ones, some of whose bytes look like it."""
    before = extra_subfield(b"BC", b"\x1b\x00") + extra_subfield(b"ej", b"EJ\x04\0EJ") + extra_subfield(b"RA", b"")
    return in_blocks(before=before, after=extra_subfield(b"ZZ", b"EJ" * 2000))


@valid
def other_gzip_header():
    """Time, compression level and system of the gzip header mean nothing."""
    return in_blocks(gzip_head=b"\x1f\x8b\x08\x04\x92\x5f\x00\x6b\x02\x03")


@valid
def first_block_with_more():
    """The first line is not alone in its block."""
    return Journal().block(journal(), core(0), created(1, ALICE), end(2, 2, 2))


# ---- deflate ----

@valid
def deflate_stored():
    """Not compressed at all."""
    return in_blocks(compress={"level": 0})


@valid
def deflate_fixed():
    """Fixed Huffman codes."""
    return in_blocks(compress={"strategy": zlib.Z_FIXED})


@valid
def deflate_literals():
    """Dynamic codes without any match."""
    return in_blocks(compress={"strategy": zlib.Z_HUFFMAN_ONLY})


@valid
def deflate_in_pieces():
    """Many deflate blocks in one member, empty ones between them."""
    return in_blocks(compress={"flush_every": 100})


@valid
def deflate_best():
    """Another level: compressed bytes are no part of what a journal says."""
    return in_blocks(compress={"level": 9})


# ---- the ends of ranges ----

@valid
def large_block():
    """More text than writers put into a block: 400 KB in many lines."""
    return short().block(*[media(seq, [ALICE, BOB][seq % 2], 11) for seq in range(1200)]).block(end(1200, 1200, 1200))


@valid
def many_sessions():
    """More sessions than a filter has room for: the writer leaves it out."""
    ids = random.Random(3)
    return short().block(*[wrap(seq, {"type": 1, "session_id": ids.getrandbits(40) | 1}) for seq in range(2800)],
                         end(2800, 2800, 2800))


@valid
def deep():
    """A line may nest 2048 deep, the record and its event included."""
    deepest = "[" * 2046 + "]" * 2046
    event = f'{{"type":64,"session_id":{ALICE},"event":{deepest}}}'
    return short().block(core(0), f'{{"seq":1,"mono":3600100000,"event":{event}}}', end(2, 2, 2))


@valid
def extreme_numbers():
    """The least and the greatest of everything; ids beyond 2^53."""
    great = (1 << 64) - 1
    event = {"type": 4294967295, "subtype": 4294967295, "session_id": great, "handle_id": great, "event": {}}
    return (short(previous="before.evj.gz", started_as={"wall": WALL_US, "mono": -(1 << 62)})
            .block({"seq": great - 9, "mono": -(1 << 62), "event": event | {"timestamp": LONG_AGO}},
                   {"seq": great - 8, "mono": -1, "event": event | {"timestamp": 0, "session_id": great - 1}})
            .block({"seq": great - 7, "mono": 0, "event": event | {"timestamp": (1 << 63) - 1}},
                   {"seq": great - 6, "mono": (1 << 62), "event": {"type": 1, "session_id": 9007199254740993}}))
