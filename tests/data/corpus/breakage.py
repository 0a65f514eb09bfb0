# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/data/invalid, the other half: pieces that are missing, too much, or cut off, and lines that are no records."""

import gzip

from .cases import invalid
from .events import ALICE, attached, core, created, end, media
from .faults import MIDDLE, harmed, header_size, sound, with_middle
from .recordings import short
from .writer import line


# ---- pieces missing or too much ----

@invalid
def block_missing():
    made = sound()
    del made.members[MIDDLE]
    return made


@invalid
def blocks_exchanged():
    made = sound()
    made.members[1:3] = made.members[2:0:-1]
    return made


@invalid
def block_twice():
    made = sound()
    made.members.insert(MIDDLE, made.members[MIDDLE])
    return made


@invalid
def bytes_between_blocks():
    made = sound()
    made.members.insert(MIDDLE, b"\x1f\x8b\x08\x04 is how a block begins, and this is none")
    return made


@invalid
def zeros_between_blocks():
    made = sound()
    made.members.insert(MIDDLE, bytes(4096))
    return made


@invalid
def zeros_behind_the_end():
    """As a file system leaves them after a power cut."""
    made = sound()
    made.members.append(bytes(512))
    return made


@invalid
def foreign_member_between_blocks():
    made = sound()
    made.members.insert(MIDDLE, gzip.compress(b'{"seq":99,"mono":1,"event":{"type":1}}\n', mtime=0))
    return made


@invalid
def bytes_missing_in_a_block():
    """The next block begins before its header says."""
    return harmed(lambda member: member[:-40])


@invalid
def bytes_too_much_in_a_block():
    return harmed(lambda member: member[:-20] + b"0123456789" + member[-20:])


# ---- truncated ----

def truncated(keep, of):
    """Cut inside a member: `keep` bytes of it are left."""
    made = sound()
    made.members[of:] = [made.members[of][:keep]]
    return made


@invalid
def truncated_in_the_first_header():
    return truncated(30, of=0)


@invalid
def truncated_in_the_first_line():
    return truncated(-20, of=0)


@invalid
def truncated_in_the_magic():
    return truncated(3, of=3)


@invalid
def truncated_in_a_header():
    return truncated(50, of=3)


@invalid
def truncated_behind_a_header():
    return truncated(header_size(sound().members[3]), of=3)


@invalid
def truncated_in_data():
    """In the last fifth: most of its lines are there."""
    return truncated(-60, of=3)


@invalid
def truncated_in_a_trailer():
    return truncated(-5, of=3)


@invalid
def truncated_in_the_end_record():
    return truncated(-9, of=4)


# ---- lines that are no records, in blocks that are right ----

def with_line(text):
    """The middle block's second line is replaced. Its header tells what it told before."""
    records = [media(seq, ALICE, 11) for seq in range(3, 7)]
    lines = [line(record) for record in records]
    lines[1] = text
    return with_middle(*records, text="".join(each + "\n" for each in lines).encode())


@invalid
def line_empty():
    return with_line("")


@invalid
def line_no_object():
    return with_line('["seq",4]')


@invalid
def line_broken_off():
    return with_line(line(media(4, ALICE, 11))[:-30])


@invalid
def line_with_more_behind():
    return with_line(line(media(4, ALICE, 11)) + "}")


@invalid
def line_without_seq():
    return with_line('{"mono":3600400000,"event":{"type":1}}')


@invalid
def line_without_mono():
    return with_line('{"seq":4,"event":{"type":1}}')


@invalid
def line_with_a_seq_of_text():
    return with_line('{"seq":"4","mono":3600400000,"event":{"type":1}}')


@invalid
def line_with_an_event_of_text():
    return with_line('{"seq":4,"mono":3600400000,"event":"gone"}')


@invalid
def gap_without_events():
    return with_line('{"seq":4,"mono":3600400000,"gap":{"reason":"buffer-full"}}')


@invalid
def line_too_deep():
    return with_line('{"seq":4,"mono":3600400000,"event":{"type":64,"event":' + "[" * 5000 + "]" * 5000 + "}}")


@invalid
def hole_without_a_gap():
    """Blocks that follow each other, as a writer that loses count would make them."""
    return (short().block(core(0), created(1, ALICE)).block(attached(5, ALICE, 11), media(6, ALICE, 11))
            .block(end(7, 4, 4)))
