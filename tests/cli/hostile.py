#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that someone made to do harm, and the bounds within which a command must cope with it.

    hostile.py make KIND [NUMBER] > FILE
    hostile.py lies                           NAME.evj.gz for each lie of a header
    hostile.py bounded COMMAND [ARGUMENT…]

`bounded` ends as the command does. It says so if the command, or one that this ran, needed more than
64 MiB above the largest block (16 MiB), or more time than anything here can need; memory is not asked
of an evj that is built with AddressSanitizer.
"""

import os
import pathlib
import shutil
import struct
import subprocess
import sys
import threading
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "data"))

from corpus import writer  # noqa: E402 (it stands in a folder of its own)

MIB = 1024 * 1024
LINE_MAX = 16 * MIB
MEMORY_MAX_KIB = (16 + 64) * 1024
TIME_MAX_S = 50
WALL, MONO = 1795335330000000, 3600000000
ID = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"


def first_line(**texts):
    header = {"version": 1, "id": ID} | texts | {"started": {"wall": WALL, "mono": MONO}}
    return writer.line({"journal": header})


def event(seq, body="{}", **more):
    fields = {"type": 4, "timestamp": WALL + seq} | more
    return f'{{"seq":{seq},"mono":{MONO + seq},"event":{writer.line(fields)[:-1]},"event":{body}}}}}'


def head():
    return bytes(writer.Journal().block(first_line()))


def patched(block, offset, layout, value):
    """The block with another value in its header (docs/journal-format.md, "Blocks")."""
    ej = bytearray(block[16:16 + struct.unpack_from("<H", block, 14)[0]])
    checked = 64 + struct.unpack_from("<H", ej, 60)[0]
    struct.pack_into(layout, ej, offset, value)
    struct.pack_into("<I", ej, checked, zlib.crc32(ej[:checked]))
    return block[:16] + bytes(ej) + block[16 + len(ej):]


def block_of_text(text, seq=0, **fields):
    """A block that holds just this, whatever it is."""
    right = {"types": 4, "first_mono": MONO + seq, "last_mono": MONO + seq, "least_timestamp": WALL + seq,
             "greatest_timestamp": WALL + seq}
    block = writer.member([], writer.Place(), text=text, **(right | fields))
    return patched(patched(block, 12, "<I", text.count(b"\n")), 16, "<Q", seq)


# ---- what is made ----

def bombs(count):
    """Blocks of 16 MiB, each in 16 KiB: a thousand to one."""
    filler = '"' + "a" * (LINE_MAX - 200) + '"'
    blocks = (block_of_text((event(seq, filler) + "\n").encode(), seq) for seq in range(count))
    return head() + b"".join(blocks)


def wide(count):
    """Blocks of 16 MiB each for three bytes of text: their deflate streams say nothing else."""
    text = b"{}\n"
    data = b"\0\0\0\xff\xff" * (LINE_MAX // 5 - 20) + struct.pack("<BHH", 1, 3, 3 ^ 0xffff) + text
    return head() + block_of_text(text, data=data) * count


def overlapping(count):
    """Headers whose members overlap: each claims all that follows, which inflates to 16 MiB and is wrong."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = compressor.compress(bytes(LINE_MAX - 70000)) + compressor.flush()
    step = len(claim(0, 0)) + 5
    pieces = []
    for left in range((count - 1) * step, -1, -step):
        text_size = left + LINE_MAX - 70000
        stored = struct.pack("<BHH", 0, left, left ^ 0xffff)
        pieces.append(claim(step + left + len(bomb) + 8, text_size) + stored)
    return b"".join(pieces) + bomb + struct.pack("<II", 1, text_size) + b"no block"


def claims(count):
    """Headers back to back, each of which claims 16 MiB that begin with the next one."""
    return head() + claim(LINE_MAX, LINE_MAX) * count


def claim(member_size, text_size):
    """The header alone."""
    return block_of_text(b"{}\n", data=b"", trailer=b"", member_size=member_size, text_size=text_size)


def crumbs(count):
    """Blocks of 16 MiB that consist of the shortest records there are."""
    return head() + block_of_text(b"{}\n" * (LINE_MAX // 3)) * count


def many_values(last, piece="1,"):
    return "[" + piece * (LINE_MAX // len(piece) - 300) + f"{last}]"


def tree(_):
    """An event of 16 MiB with as many values as fit: a tree of them needs twenty times as much."""
    return head() + block_of_text((event(0, many_values(1)) + "\n").encode())


def plugin_tree(last):
    """The same of a plugin's handle, its last value told."""
    line = event(0, many_values(last), type=64, session_id=7, handle_id=8)
    return head() + block_of_text((line + "\n").encode(), types=64)


def media_tree(_):
    """The same as statistics of more media than anybody has."""
    line = event(0, many_values("{}", "{},"), type=32, subtype=3, session_id=7, handle_id=8)
    return head() + block_of_text((line + "\n").encode(), types=32)


def foreign_bomb(mib):
    """Plain gzip, of nothing but zeros."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    member = compressor.compress(bytes(8 * MIB)) + compressor.flush()
    return member * (mib // 8)


# Where in the header the lie stands, how, and what it says.
LIES = {
    "size-0": (4, "<I", 0), "size-small": (4, "<I", 100), "size-large": (4, "<I", 10**7),
    "size-4GiB": (4, "<I", 2**32 - 1),
    "text-0": (8, "<I", 0), "text-small": (8, "<I", 5), "text-large": (8, "<I", LINE_MAX),
    "text-2GiB": (8, "<I", 2**31), "text-4GiB": (8, "<I", 2**32 - 1),
    "records-0": (12, "<I", 0), "records-many": (12, "<I", 2**32 - 1),
    "seq-0": (16, "<Q", 0), "seq-last": (16, "<Q", 2**64 - 1),
    "mono-first": (24, "<q", -2**63), "mono-last": (32, "<q", 2**63 - 1),
    "flags-none": (2, "<H", 0), "flags-all": (2, "<H", 0xffff),
    "types-none": (56, "<I", 0), "hashes-64K": (62, "<H", 0xffff),
    "filter-64K": (60, "<H", 65535),
}


def write_lies():
    """Three blocks of one event each; the header of the second says what is not so."""
    journal = writer.Journal().block(first_line())
    for seq in range(3):
        journal.block(event(seq, session_id=7))
    for name, what in LIES.items():
        members = list(journal.members)
        members[2] = patched(members[2], *what)
        pathlib.Path(f"{name}.evj.gz").write_bytes(b"".join(members))


def empty_members(count):
    """Gzip members of no text behind a journal's first block."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
    return head() + compressor.flush() * count


def empty_blocks(count):
    return head() + block_of_text(b"") * count


def small_blocks(count):
    return head() + block_of_text(b"{}\n") * count


def deep(levels):
    """Nesting in the middle of a journal, closed and not closed."""
    lines = [event(0), event(1, "[" * levels + "]" * levels), event(2),
             '{"seq":3,"mono":3600000003,"mark":' + '{"a":' * levels, event(4)]
    return head() + block_of_text("".join(line + "\n" for line in lines).encode())


# What a terminal obeys or is confused by, and what is no UTF-8.
ODD = b"\xff\xc0\x80\xed\xa0\x80 \xe2\x80\xae\xc2\x9b \x7f \\u001b]0;owned\\u0007\\u0000\\u009b\\u202e\\r\\n\\b<&\\\"'"


def texts(left_out, odd=ODD):
    """Every text of a journal is odd; raw, so that no JSON library has a say. Some events may be left out."""
    head = (b'{"journal":{"version":1,"id":"%b","recorder":"%b","emitter":"%b","host":"%b","boot_id":"%b",'
            b'"clock":"%b","events":"%b","previous":"%b","spool":"%b","cut":"%b","started":{"wall":%d,"mono":%d}}}\n'
            % (ID.encode(), *[odd] * 9, WALL, MONO))
    base = (b'{"seq":%d,"mono":3600000000,"event":{"emitter":"%b","type":%d,"subtype":%d,"timestamp":1795335330000000,'
            b'"session_id":1,"handle_id":2,"opaque_id":"%b","event":%b}}\n')
    bodies = [(1, 0, b'{"name":"created","transport":{"transport":"%b","id":"%b"}}' % (odd, odd)),
              (2, 0, b'{"name":"attached","plugin":"%b","opaque_id":"%b"}' % (odd, odd)),
              (4, 0, b'{"schema":"%b","data":{"%b":"%b"}}' % (odd, odd, odd)),
              (8, 0, b'{"owner":"%b","jsep":{"type":"%b","sdp":"%b"}}' % (odd, odd, odd)),
              (16, 1, b'{"ice":"%b","stream_id":1,"component_id":1}' % odd),
              (16, 2, b'{"local-candidate":"%b","stream_id":1,"component_id":1}' % odd),
              (16, 4, b'{"selected-pair":"%b","stream_id":1,"component_id":1}' % odd),
              (16, 5, b'{"dtls":"%b","stream_id":1,"component_id":1}' % odd),
              (16, 6, b'{"connection":"%b","reason":"%b"}' % (odd, odd)),
              (32, 1, b'{"media":"%b","receiving":true,"seconds":1}' % odd),
              (32, 2, b'{"media":"%b","slow_link":"%b","lost_lastsec":1}' % (odd, odd)),
              (32, 3, b'{"media":"%b","codec":"%b","rtt":1}' % (odd, odd)),
              (64, 0, b'{"plugin":"%b","data":{"event":"%b","%b":1}}' % (odd, odd, odd)),
              (128, 0, b'{"transport":"%b","id":"%b","data":{"event":"%b"}}' % (odd, odd, odd)),
              (256, 1, b'{"status":"%b","signum":"%b"}' % (odd, odd))]
    bodies = bodies[left_out:]
    events = b"".join(base % (seq, odd, kind, subtype, odd, body) for seq, (kind, subtype, body) in enumerate(bodies))
    seq = len(bodies)
    rest = (b'{"seq":%d,"mono":3600000000,"gap":{"events":2,"bytes":1,"reason":"%b","until":3600000000,"types":{"%b":2}}}\n'
            b'{"seq":%d,"mono":3600000000,"mark":{"text":"%b","source":"%b"}}\n'
            b'{"end":{"wall":1795335330000000,"mono":3600000000,"records":17,"events":15,"dropped":2,"reason":"%b"}}\n'
            % (seq, odd, odd, seq + 2, odd, odd, odd))
    return (block_of_text(head, flags=1) + block_of_text(events, types=511) +
            block_of_text(rest, seq, flags=4 + 8 + 2))


KINDS = {"bombs": bombs, "crumbs": crumbs, "tree": tree, "plugin-tree": plugin_tree,
         "media-tree": media_tree, "foreign-bomb": foreign_bomb, "wide": wide,
         "overlapping": lambda count: head() + overlapping(600) * count, "claims": claims,
         "empty-members": empty_members, "empty-blocks": empty_blocks, "small-blocks": small_blocks,
         "deep": deep, "texts": texts}


def endless(mib):
    """An object whose text does not end, for standard input."""
    sys.stdout.buffer.write(b'{"type":4,"timestamp":1,"event":{"x":"')
    write_much(b"x" * MIB, mib)


def values(mib):
    """An event of as many values as fit."""
    sys.stdout.buffer.write(b'{"type":4,"timestamp":1,"event":[')
    write_much(b"1," * (MIB // 2), mib)
    sys.stdout.buffer.write(b"1]}")


def write_much(piece, count):
    for _ in range(count):
        sys.stdout.buffer.write(piece)


def make(kind, number="0"):
    try:
        if kind == "endless":
            endless(int(number))
        elif kind == "values":
            values(int(number))
        elif kind == "zeros":
            write_much(bytes(MIB), int(number))
        else:
            sys.stdout.buffer.write(KINDS[kind](int(number)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nobody wants the rest


# ---- within bounds ----

def has_sanitizer():
    return b"__asan_init" in pathlib.Path(shutil.which("evj")).read_bytes()


def bounded(*command):
    process = subprocess.Popen(command)
    late = threading.Timer(TIME_MAX_S, process.kill)
    late.start()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if not late.is_alive():
        print(f"hostile: more than {TIME_MAX_S} s", file=sys.stderr)
    late.cancel()
    if usage.ru_maxrss > MEMORY_MAX_KIB and not has_sanitizer():
        print(f"hostile: {usage.ru_maxrss // 1024} MiB of memory, more than {MEMORY_MAX_KIB // 1024}",
              file=sys.stderr)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    {"make": make, "lies": write_lies, "bounded": bounded}[sys.argv[1]](*sys.argv[2:])
