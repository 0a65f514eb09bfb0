# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/data/invalid: journals whose bytes contradict themselves, and files that are none, one function each."""

import gzip
import struct
import zlib

from .cases import invalid
from .events import ALICE, BOB, attached, core, created, end, journal, media
from .recordings import short
from .writer import Journal, deflate, extra_subfield, line, member

MIDDLE = 2  # the member that is harmed where nothing else is said


def sound(**more):
    """What is harmed: a first line, three blocks of 3, 4 and 4 events, and an end record alone."""
    return (short(**more).block(core(0), created(1, ALICE), attached(2, ALICE, 11))
            .block(*[media(seq, ALICE, 11) for seq in range(3, 7)])
            .block(created(7, BOB), attached(8, BOB, 22), media(9, BOB, 22), media(10, ALICE, 11))
            .block(end(11, 11, 11)))


def with_middle(*records, **how):
    """The same with another middle block: other records, or a header or data that are not right."""
    return (short().block(core(0), created(1, ALICE), attached(2, ALICE, 11))
            .block(*(records or [media(seq, ALICE, 11) for seq in range(3, 7)]), **how)
            .block(created(7, BOB), attached(8, BOB, 22), media(9, BOB, 22), media(10, ALICE, 11))
            .block(end(11, 11, 11)))


def harmed(harm):
    """The sound journal with its middle member's bytes changed: harm(bytes) gives the new ones."""
    made = sound()
    made.members[MIDDLE] = bytes(harm(bytearray(made.members[MIDDLE])))
    return made


def flipped(member_bytes, at):
    member_bytes[at] ^= 0x10
    return member_bytes


def header_size(member_bytes):
    return 12 + struct.unpack_from("<H", member_bytes, 10)[0]


# ---- no journals at all ----

@invalid
def empty():
    return b""


@invalid
def json_lines():
    return b'{"type":256,"event":{}}\n{"type":1,"event":{}}\n'


@invalid
def gzip_of_lines():
    return gzip.compress(b'{"type":256,"event":{}}\n', mtime=0)


@invalid
def gzip_with_another_subfield():
    """Such as BGZF writes: gzip with an extra field, but not ours."""
    text = b'{"type":256,"event":{}}\n'
    extra = extra_subfield(b"BC", b"\x1b\x00")
    return (b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + struct.pack("<H", len(extra)) + extra + deflate(text)
            + struct.pack("<II", zlib.crc32(text), len(text)))


@invalid
def another_compression_method():
    return bytes(sound()).replace(b"\x1f\x8b\x08\x04", b"\x1f\x8b\x07\x04", 1)


@invalid
def gzip_with_a_name():
    """Our subfield, and a file name behind it: no block has one."""
    return Journal().block(journal(), gzip_head=b"\x1f\x8b\x08\x0c\0\0\0\0\0\xff", behind_header=b"name\0")


@invalid
def gzip_with_a_comment():
    """In a later member: it is no block."""
    return with_middle(gzip_head=b"\x1f\x8b\x08\x14\0\0\0\0\0\xff", behind_header=b"why\0")


# ---- later versions ----

@invalid
def later_major_version():
    return Journal().block(journal(), major=2).block(core(0), major=2)


@invalid
def later_major_version_behind():
    """A later version's file behind one of ours."""
    made = sound()
    made.members += Journal().block(journal(), major=2).members
    return made


@invalid
def later_version_in_the_first_line():
    return Journal().block(journal(version=2)).block(core(0), end(1, 1, 1))


# ---- first lines ----

@invalid
def no_first_line():
    """Its first block is of events."""
    return Journal().block(core(0), created(1, ALICE)).block(end(2, 2, 2))


@invalid
def first_block_missing():
    made = sound()
    del made.members[0]
    return made


@invalid
def first_line_without_version():
    return Journal().block(journal(version=None)).block(core(0), end(1, 1, 1))


@invalid
def first_line_without_id():
    return Journal().block(journal(id=None)).block(core(0), end(1, 1, 1))


@invalid
def first_line_without_start():
    return Journal().block(journal(started_as={"wall": 1795335330000000})).block(core(0), end(1, 1, 1))


# ---- blocks' headers ----

@invalid
def header_crc():
    return harmed(lambda member: flipped(member, 30))


@invalid
def header_crc_of_the_first_block():
    made = sound()
    made.members[0] = bytes(flipped(bytearray(made.members[0]), 30))
    return made


@invalid
def header_too_short():
    """The subfield is shorter than its fields."""
    return harmed(lambda member: member[:14] + struct.pack("<H", 40) + member[16:56]
                  + extra_subfield(b"xx", bytes(header_size(member) - 60)) + member[header_size(member):])


@invalid
def filter_beyond_its_subfield():
    return with_middle(filter_size=2000, filter=bytes(8))


@invalid
def filter_too_large():
    return with_middle(filter_size=4104, hashes=4)


@invalid
def member_size_too_small():
    return with_middle(member_size=60)


@invalid
def member_size_too_large():
    """It reaches into the next block."""
    return with_middle(member_size=700)


@invalid
def member_size_beyond_the_limit():
    return with_middle(member_size=0xfffffff0)


@invalid
def text_size_too_small():
    """A bomb would claim less than it inflates to."""
    return with_middle(text_size=100)


@invalid
def text_size_too_large():
    return with_middle(text_size=16 << 20)


@invalid
def text_size_beyond_the_limit():
    return with_middle(text_size=0xffffffff)


@invalid
def text_size_0():
    return with_middle(text=b"", data=deflate(b""))


# ---- blocks' texts ----

@invalid
def text_crc():
    return harmed(lambda member: flipped(member, len(member) - 8))


@invalid
def text_size_in_the_trailer():
    return harmed(lambda member: flipped(member, len(member) - 4))


@invalid
def deflate_data():
    return harmed(lambda member: flipped(member, header_size(member) + 60))


@invalid
def bytes_behind_the_deflate_data():
    """Right by every check but one: the data ends before the trailer."""
    data = deflate("".join(line(media(seq, ALICE, 11)) + "\n" for seq in range(3, 7)).encode())
    return with_middle(data=data + b"\0\0\0")


@invalid
def no_newline_at_the_end():
    text = "\n".join(line(media(seq, ALICE, 11)) for seq in range(3, 7)).encode()
    return with_middle(text=text)


@invalid
def every_block_damaged():
    """But the first: nothing tells how much was in them but their headers."""
    made = sound()
    made.members[1:] = [bytes(flipped(bytearray(each), len(each) - 8)) for each in made.members[1:]]
    return made
