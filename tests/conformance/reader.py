#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole reader of journals, written from docs/journal-format.md alone: reader.py FILE [--session ID] [--blocks]

Prints the records, all or one session's, which it finds without inflating blocks that have none of them; or the
headers of the blocks that it inflates. Exits with 1 if anything is damaged."""
import json
import struct
import sys
import zlib

FIELDS = struct.Struct("<BBHIIIQqqqqIHH")
NAMES = "major minor flags size text_size lines seq mono mono_to timestamp timestamp_to types n k".split()
MAGIC, FIRST = b"\x1f\x8b\x08\x04", 1
KINDS = ("event", "state", "gap", "mark", "journal", "end")
TEXT_MAX, MEMBER_MAX, FILTER_MAX, U64 = (16 << 20) + 1, (16 << 20) + (144 << 10), 4096, (1 << 64) - 1


def header(data, at):
    text_at = at + 12 + int.from_bytes(data[at + 10:at + 12], "little")
    extra = data[at + 12:text_at]
    while extra and extra[:2] != b"EJ":
        extra = extra[4 + int.from_bytes(extra[2:4], "little"):]
    ej = extra[4:4 + int.from_bytes(extra[2:4], "little")]
    n = int.from_bytes(ej[60:62], "little")
    if data[at:at + 4] != MAGIC or ej[64 + n:68 + n] != struct.pack("<I", zlib.crc32(ej[:64 + n])):
        raise ValueError("no block begins here")
    block = dict(zip(NAMES, FIELDS.unpack_from(ej)), at=at, text_at=text_at, filter=ej[64:64 + n].hex())
    if block["major"] != 1:
        sys.exit(f"format version {block['major']}: a later reader reads it")
    if block["text_size"] > TEXT_MAX or not text_at + 8 - at <= block["size"] <= MEMBER_MAX or n > FILTER_MAX:
        raise ValueError("this block's sizes cannot be")
    return block


def may_have(block, session):
    h, bits = session, int.from_bytes(bytes.fromhex(block["filter"]), "little")
    for shift, factor in ((30, 0xbf58476d1ce4e5b9), (27, 0x94d049bb133111eb), (31, 1)):
        h = (h ^ h >> shift) * factor & U64
    return block["n"] == 0 or all(bits >> ((h % (1 << 32) + i * (h >> 32 | 1) & U64) % (8 * block["n"])) & 1
                                  for i in range(block["k"]))


def lines(data, block):
    inflater, end = zlib.decompressobj(-15), block["at"] + block["size"]
    text = inflater.decompress(data[block["text_at"]:end - 8], block["text_size"] + 1)
    is_whole = inflater.eof and not inflater.unused_data and len(text) == block["text_size"] and text[-1:] == b"\n"
    if not is_whole or data[end - 8:end] != struct.pack("<II", zlib.crc32(text), len(text)):
        raise ValueError("this block is damaged, or not all there")
    return text[:-1].split(b"\n")


def parse(line):
    """A line, its kind (None: unknown), that key's value, and the number behind those that it takes, or 0."""
    said = json.loads(line)
    kind = next((kind for kind in KINDS if kind in said), None)
    body = {**said[kind]} if kind else {}
    if kind == "journal" and body["version"] != 1:
        sys.exit(f"format version {body['version']}: a later reader reads it")
    if kind == "journal" and not (body["id"] and {"wall", "mono"} <= body["started"].keys()):
        raise ValueError("this first line does not say what it must")
    is_placed = kind in KINDS[:4] or not kind and {"seq", "mono"} <= said.keys()
    behind = is_placed and said["seq"] + (body["events"] if kind == "gap" else 1) + 0 * said["mono"]
    return line, kind, body, 0 if kind == "state" else behind


def read(data, session):
    at, expected, is_cut = 0, -1, False
    while 0 <= at < len(data):
        try:
            block = header(data, at)
            is_wanted = session is None or block["flags"] != 0 or may_have(block, session)
            records = [parse(line) for line in lines(data, block)] if is_wanted else []
            first = records[0][2] if block["flags"] & FIRST else None
        except Exception as why:  # whatever is wrong with a block: the next may be right
            yield "fault", f"byte {at}: {why!r}"
            at, expected = data.find(MAGIC, at + 1), U64
            continue
        if first:
            expected, is_cut = U64 if "previous" in first or "cut" in first else 0, "cut" in first
        elif block["seq"] != expected != U64 and not is_cut:
            yield "fault", f"byte {at}: this block does not follow on what stood before"
        expected = max((behind for *_, behind in records), default=block["seq"] + block["lines"]) or expected
        at += block["size"]
        yield "block" if is_wanted else "passed by", json.dumps(block)
        for line, kind, body, _ in records:
            is_other = kind in ("event", "state") and json.dumps(body.get("session_id")) != str(session)
            if kind not in (None, "journal") and (session is None or not is_other):
                yield "record", line.decode()


if __name__ == "__main__":
    sys.setrecursionlimit(3000)  # lines nest up to 2048 deep
    shown = {"fault": sys.stderr, "block" if "--blocks" in sys.argv else "record": sys.stdout}
    given = [*read(open(sys.argv[1], "rb").read(), int(sys.argv[3]) if "--session" in sys.argv else None)]
    for what, text in given:
        if what in shown:
            print(text, file=shown[what])
    sys.exit("this is no journal" if not given else "fault" in dict(given))
