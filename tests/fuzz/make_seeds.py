#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the corpora anew: what real events and journals look like, in small.

    make_seeds.py            writes corpus/TARGET/seed-NAME

What a fuzzer found stands beside them under other names and is left as it is. The blocks' texts are
stored, not compressed, so that a change of a byte is a change of the text; mend.c makes the
checksums right again.
"""

import json
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"
sys.path.insert(0, str(DATA))

from corpus import writer  # noqa: E402 (it stands in a folder of its own)

START_WALL, START_MONO = 1795335330000000, 3600000000
ID = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"


def save(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    content = content if isinstance(content, bytes) else content.encode()
    assert len(content) <= 4096, (target, name, len(content))
    (folder / f"seed-{name}").write_bytes(content)


def real_events():
    """One event of each type and subtype, the shortest of its kind, by name."""
    found = {}
    for path in sorted((DATA / "events").glob("*.ndjson")):
        for line in path.read_text().splitlines():
            event = json.loads(line)
            name = f"{event['type']}-{event.get('subtype', 0)}"
            if len(line) < len(found.get(name, "x" * 2500)):
                found[name] = line
    return found


def record(seq, event):
    return f'{{"seq":{seq},"mono":{START_MONO + 1000 * seq},"event":{event}}}'


def header(**more):
    body = {"version": 1, "id": ID, "recorder": "evj 0.1.0", "emitter": "gw", "host": "sfu3",
            "clock": "monotonic", "events": "all"} | more | {
                "started": {"wall": START_WALL, "mono": START_MONO}}
    return json.dumps({"journal": body}, separators=(",", ":"), ensure_ascii=False)


GAP = ('{"seq":%d,"mono":3600009000,"gap":{"events":%d,"bytes":70412,"reason":"buffer-full",'
       '"until":3600019000,"types":{"media":2,"webrtc":1}}}')
MARK = '{"seq":%d,"mono":3600020000,"mark":{"text":"repro starts here","source":"admin"}}'
END = ('{"end":{"wall":1795335331000000,"mono":3601000000,"records":%d,"events":%d,"dropped":%d,'
       '"reason":"shutdown"}}')
DAMAGED = ('{"seq":4,"mono":3600009000,"gap":{"events":3,"bytes":0,"reason":"damaged",'
           '"until":3600019000,"types":{},"from":100,"to":200}}')


def block(lines, stored=True, next_seq=0, **how):
    """One gzip member, whose text is stored rather than compressed."""
    place = writer.Place()
    place.next_seq = next_seq
    text = "".join(line + "\n" for line in lines).encode()
    if stored:
        how["data"] = struct.pack("<BHH", 1, len(text), len(text) ^ 0xffff) + text
    return writer.member(lines, place, **how)


def journals(events):
    small = [events[name] for name in ("1-0", "2-0", "16-6", "32-1", "64-0")]
    lines = [record(seq, event) for seq, event in enumerate(small)]
    state = '{"seq":0,"mono":3600000000,"state":%s}' % events["2-0"]
    first = block([header()])
    yield "empty", first
    yield "closed", first + block(lines) + block([END % (5, 5, 0)], next_seq=5)
    yield "open", first + block(lines[:2]) + block(lines[2:4])
    yield "compressed", block([header()], False) + block(lines, False) + block([END % (5, 5, 0)])
    yield "gap", first + block(lines[:4] + [GAP % (4, 3)]) + block([MARK % 7, END % (6, 4, 3)])
    yield "state", block([header(previous="a.evj.gz"), state]) + block(lines[3:])
    yield "hole", first + block(lines[:1]) + block(lines[4:])
    yield "backwards", first + block(lines[3:]) + block(lines[:2])
    yield "twice", 2 * (first + block(lines[:2]) + block([END % (2, 2, 0)], next_seq=2))
    yield "unknown", first + block([lines[0], '{"seq":1,"mono":3600001000,"later":{}}', lines[2]], minor=7)
    yield "later-header", first + block(lines[:2], before=b"AB\2\0xy", behind_crc=b"later")
    yield "torn", first + block(lines)[:-100]
    yield "foreign-between", first + b"not a block" + block(lines)
    yield "lying", first + block(lines[:2]).replace(struct.pack("<I", 2), struct.pack("<I", 77), 1)
    yield "damaged-gap", first + block(lines[:4] + [DAMAGED]) + block([MARK % 7])
    yield "alone", block(lines)


def json_texts():
    yield "members", '{"a":1,"b":-2.5e3,"c":"x\\"\\\\\\u00e9\\ud83c\\udfa5","d":[1,[2,{"e":null}]],"f":{},"g":true}'
    yield "blanks", ' { "type" : 1 , "session_id" : 18446744073709551615 , "event" : { } } '
    yield "deep", '{"event":' + "[" * 100 + "]" * 100 + "}"
    yield "too-deep", '{"event":' + "[" * 2050 + "]" * 2000 + "}"
    yield "brackets", '{"event":{"s":"}]{[\\\\","t":["]",{"u":"\\\\\\""}]},"opaque_id":"x","type":32,"subtype":3}'
    yield "numbers", '{"type":4294967295,"subtype":4294967296,"timestamp":-9223372036854775808,"handle_id":-1}'
    yield "unicode", '{"emitter":"Zoë 🎥 \\u0000\\u001f","opaque_id":"\\ud800","event":[]}'
    yield "broken", '{"type":1,"event":{"a":"b}'


def spool(text, head=None, tail=0, loss_events=0, loss_seq=0, odd=b""):
    loss = struct.pack("<IIQQQqq16Q", 0, 0, loss_seq, loss_events, 100 * loss_events, 3600000100,
                       3600000200, loss_events, *[0] * 15)
    text = text.encode()
    head = (tail + len(text)) % 2**64 if head is None else head
    return odd.ljust(8, b"\0") + struct.pack("<QQII", head, tail, 0, 0) + loss + text


def spools(events):
    lines = [record(seq, events["1-0"]) + "\n" for seq in range(6)]
    yield "empty", spool("")
    yield "lines", spool("".join(lines))
    yield "wrapped", spool("".join(lines), tail=7 * 65536 - 100)
    yield "loss", spool("".join(lines), loss_events=4, loss_seq=6)
    yield "loss-alone", spool("", loss_events=4, loss_seq=3)
    yield "loss-of-later", spool("".join(lines), loss_events=4, loss_seq=60)
    yield "gap", spool("".join(lines[:3]) + GAP % (3, 3) + "\n")
    yield "no-newline", spool("".join(lines)[:-1])
    yield "backwards", spool("".join(lines), head=0, tail=10)
    yield "too-much", spool("".join(lines), head=65537)
    yield "huge", spool("".join(lines), tail=2**64 - 500)
    for place in range(8):
        yield f"odd-{place}", spool(lines[0], odd=bytes(place) + b"\1")


def deflations(events):
    """How long a text, what changes in it, and the lines that it repeats (fuzz_deflate.c)."""
    def plan(length, every, by):
        return bytes([length >> 16, length >> 8 & 255, length & 255, every, by])

    lines = "".join(record(7 + seq, events[name]) + "\n" for seq, name in enumerate(("32-3", "32-3", "1-0")))
    yield "statistics", plan(70000, 37, 1) + lines.encode()
    yield "long", plan(150000, 200, 3) + lines.encode()
    yield "short-of-room", plan(3000, 1, 0x95) + lines.encode()
    yield "short", plan(700, 0, 0) + lines.encode()
    yield "jsep", plan(100000, 251, 7) + record(1, events["8-0"]).encode()[:3000]
    yield "letters", plan(140000, 0, 0) + b"a"
    yield "noise", plan(120000, 1, 77) + bytes(range(256))
    yield "nothing", plan(0, 0, 0) + b"x"


def selections(events):
    records = "\n".join([record(0, events["2-0"]), GAP % (1, 3), record(4, events["32-1"]), END % (3, 2, 3)])
    plain = "\n".join([record(0, events["2-0"]), record(1, events["32-1"]), record(2, events["64-0"])])
    yield "none", "\n\n\n\n\n\n" + records
    yield "block-by-time", f"08:15:30\n08:15:30.0005\n\n\n\n\n{plain}"
    yield "block-by-seq", f"@2\n@2\nmedia,plugins\n\n\n\n{plain}"
    yield "block-by-session", f"\n\nhandles\n\n\n1269464633982789\n{plain}"
    yield "day", f"08:15:30\n08:15:31.5\nhandles,media\n\n\n\n{records}"
    yield "dates", f"2026-11-22T08:15:30Z\n2026-11-22 09:15:30.25+01:00\n\n*\n\n\n{records}"
    yield "relative", f"+0s\n+90ms\n\nx?[a-z]\njanus.plugin.echotest\n\n{records}"
    yield "seqs", f"@0\n@4\nsessions,handles,external,jsep,webrtc,media,plugins,transports,core\n\n\n\n{records}"
    yield "backwards", f"@18446744073709551615\n@1\n\n\necho*\n1\n{records}"
    yield "bad", f"+90\n25:61:61\nx\n[\n\nx\n{records}"


def main():
    events = real_events()
    for name, event in events.items():
        save("event", name, event)
        save("rewrite", name, event)
        save("serialise", name, event)
        save("tree", name, event)
        save("record", name, record(7, event))
    for name, text in json_texts():
        save("event", name, text)
        save("rewrite", name, text)
        save("serialise", name, text)
        save("tree", name, text)
        save("record", name, f'{{"seq":1,"mono":2,"event":{text}}}'[:4096])
    for name, text in {"rare": '{"\\u006b\\n":[1e5,-0,0.10,9223372036854775807,"\\u0000\\/é",true,false,null]}',
                       "twice": '{"a":1,"b":2,"a":{"c":[]}}', "nul": '{"a":1\0}', "array": "[ [ ] , { } ]"}.items():
        save("tree", name, text)
    for name, line in {"gap": GAP % (4, 3), "mark": MARK % 4, "end": END % (1, 1, 0), "damaged": DAMAGED,
                       "header": header(), "header-all": header(boot_id=ID, previous="é.gz", spool="/dev/shm/x"),
                       "unknown": '{"seq":1,"mono":2,"later":3}', "two": '{"mark":{},"seq":1,"mono":2,"gap":{}}'}.items():
        save("record", name, line)
    save("serialise", "program", b"~\0\7\3key\2\5text\x01\1k\3\x08\x80\0\0\0\0\0\0\0\1r\4\x18\x2d\x44\x54\xfb\x21\x09\x40"
                                 b"\1a\1\4\5\6\7\3\1\x05\2\xff\xfe\2\2ok\1o\0\1\1y\5\1z\2\4\xf0\x9f\x8e\xa5")
    for name, journal in journals(events):
        save("reader", name, journal)
        save("block", name, journal[len(block([header()])):] or journal)
    for name, content in spools(events):
        save("spool", name, content)
    for name, content in deflations(events):
        save("deflate", name, content)
    for name, text in selections(events):
        save("select", name, text)
    for name, text in {"plain": "\x10a text of more than sixteen bytes", "escapes": '\x05\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9',
                       "surrogates": "\x08\\ud83c\\udfa5 \\ud83c \\udfa5 \\ud83c\\u0041", "raw": "\x0fé€🎥\x01\x1f\x7f\"\\/",
                       "cut": "\x04€€€"}.items():
        save("string", name, text)
    save("string", "not-utf-8", b"\x09\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82")


if __name__ == "__main__":
    main()
