# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/data/valid: journals that every reader must read, one function each. Its docstring says why."""

from .cases import valid
from .events import (ALICE, BOB, CAROL, ID, MONO_US, OTHER_ID, WALL_US, attached, core, created, end, gap, journal,
                     mark, media, plugin, statistics, wrap)
from .writer import Journal

EMITTERS = ["gw-alpha", "gw-beta"]


def short(started=0, **more):
    """A journal with its first block; the cases go on from there."""
    return Journal().block(journal(started, **more))


# ---- recordings as evj makes them ----

@valid
def one_event():
    """The least that a recording can tell."""
    return short().block(core(0), end(1, 1, 1))


@valid
def no_event():
    """A recording that nothing was offered to."""
    return short().block(end(0, 0, 0))


@valid
def first_line_only():
    """What a recorder has written when Janus has just started."""
    return short()


@valid
def several_blocks():
    """Blocks of different sessions; the end record has a block of its own."""
    return (short().block(core(0), created(1, ALICE), attached(2, ALICE, 11))
            .block(created(3, BOB), attached(4, BOB, 22), media(5, BOB, 22))
            .block(*[media(seq, ALICE, 11) for seq in range(6, 40)])
            .block(core(40))
            .block(*[media(seq, [ALICE, BOB][seq % 2], 11 * (seq % 2 + 1)) for seq in range(41, 60)])
            .block(end(60, 60, 60)))


@valid
def open_without_end():
    """Copied while it was being recorded: no end record, and a spool that is not here."""
    return short(spool="/dev/shm/evj-0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9.spool").block(core(0), created(1, ALICE))


@valid
def continued():
    """A file that goes on with a recording: state first, with the seq and mono of long ago."""
    return (short(60000000, previous="gw-alpha-20261122T081530Z-1.evj.gz")
            .block(created(1, ALICE, kind="state"), attached(2, ALICE, 11, kind="state"))
            .block(attached(5, BOB, 22, kind="state"), core(600))
            .block(media(601, ALICE, 11), media(602, BOB, 22), end(603, 6, 3, reason="rotate")))


@valid
def long_line():
    """A line beyond 256 KiB is a block of its own."""
    sdp = "v=0\r\n" + "a=candidate:1 1 udp 2015363327 192.0.2.7 40000 typ host\r\n" * 5200
    event = {"emitter": "gw-alpha", "type": 8, "timestamp": WALL_US + 100000, "session_id": ALICE, "handle_id": 11,
             "event": {"owner": "remote", "jsep": {"type": "offer", "sdp": sdp}}}
    return short().block(core(0)).block(wrap(1, event)).block(media(2, ALICE, 11), end(3, 3, 3))


@valid
def combined_statistics():
    """combine_media_stats of Janus: the event's body is an array."""
    both = [statistics(0), statistics(1, 3)]
    return short().block(media(0, ALICE, 11, both), media(1, ALICE, 11, []), media(2, ALICE, 11), end(3, 3, 3))


@valid
def ids_of_all_kinds():
    """Rooms as strings and numbers; a session_id that is no integer is none."""
    return short().block(
        plugin(0, ALICE, 11, {"event": "joined", "room": "lobby", "id": "6f1c", "display": "Ada"}),
        plugin(1, ALICE, 11, {"event": "joined", "room": 1234, "id": 77, "display": "Bob"}),
        plugin(2, str(ALICE), 11, {"event": "leaving", "room": 1234, "id": 77}),
        plugin(3, None, None, {"event": "destroyed", "room": "1234"}),
        plugin(4, 4733726685551743.0, 11, {"event": "leaving", "room": "lobby"}), end(5, 5, 5))


@valid
def text_of_all_kinds():
    """Characters beyond ASCII as they are, and everything that JSON escapes."""
    display = "Zoë \U0001f600 日本語 \u2028 a\"b\\c\b\f\n\r\t\u0001\u001f\u007f/"
    odd = r'{"seq":1,"mono":3600100000,"event":{"type":64,"session_id":4733726685551743,' \
          r'"event":{"data":"A\/\u00e9\ud83d\ude00\u0000 {\"event\":1} [}","":[{},[],"",null,true,-1.5e-7]}}}'
    return short(emitter="gw-älpha", host="sfu\\3\"").block(
        plugin(0, ALICE, 11, {"event": "joined", "display": display}), odd, mark(2, "später: \"geht nicht\" \U0001f615"),
        end(3, 3, 2))


@valid
def no_session():
    """Events of the server only: the session filter has no bit set."""
    return short().block(*[core(seq) for seq in range(5)]).block(created(5, ALICE), end(6, 6, 6))


@valid
def unknown_types():
    """Event types that no Janus has yet, several bits at once, and none at all."""
    event = {"emitter": "gw-alpha", "timestamp": WALL_US, "session_id": ALICE, "event": {}}
    return short().block(wrap(0, {"type": 512} | event), wrap(1, {"type": 2147483648} | event),
                         wrap(2, {"type": 3} | event), wrap(3, event), wrap(4, {"type": 1} | event),
                         wrap(5, {}), end(6, 6, 6))


# ---- gaps, marks, clocks, ends ----

@valid
def gaps():
    """Every reason, counts by type, a gap first and last, gaps side by side, and a block that is only a gap."""
    return (short()
            .block(gap(0, 3, "buffer-full", types={"core": 1, "transports": 2}), core(3),
                   gap(4, 118, "buffer-full", types={"media": 110, "webrtc": 7, "other": 1}),
                   gap(122, 1, "unprintable", bytes=0, types={"plugins": 1}), created(123, ALICE))
            .block(gap(124, 2, "too-long", types={"jsep": 2}))
            .block(media(126, ALICE, 11), gap(127, 5, "upstream-outage", bytes=None, until=None),
                   end(132, 8, 3, 129)))


@valid
def gaps_of_damage():
    """What evj repair writes in place of what could not be read."""
    return short().block(core(0), gap(1, 7, "damaged", bytes=0, **{"from": 412, "to": 1903}), media(8, ALICE, 11),
                         gap(9, 2, "missing", bytes=0, **{"from": 2210, "to": 2210}), media(11, ALICE, 11),
                         end(12, 5, 3, 9, reason="end of input"))


@valid
def marks():
    """Marks take a seq, and say as much as whoever made them."""
    return (short().block(mark(0), core(1), mark(2, "", source="evj"), wrap(3, {}, "mark"))
            .block(mark(4, "x" * 1000)).block(created(5, ALICE), end(6, 6, 2)))


@valid
def clock_of_arrival():
    """Made by evj record --http."""
    return short(clock="arrival").block(core(0), created(1, ALICE), end(2, 2, 2, reason="interrupted"))


@valid
def clock_of_timestamps():
    """Made by evj record --stdin: mono is the events' timestamp, kept non-decreasing."""
    start = {"wall": WALL_US, "mono": WALL_US}
    late = wrap(1, {"type": 1, "timestamp": WALL_US - 5, "session_id": ALICE, "event": {"name": "created"}})
    return (short(clock="timestamp", boot_id=None, host=None, started_as=start)
            .block(core(0) | {"mono": WALL_US}, late | {"mono": WALL_US}, core(2) | {"mono": WALL_US + 200000},
                   end(3, 3, 3, reason="end of input")))


@valid
def clock_unknown():
    """A clock of a later version, and one that is not told."""
    return short(clock="ptp").block(core(0), end(1, 1, 1))


@valid
def clock_not_told():
    """A first line with no more than it must have."""
    only = {key: None for key in ("recorder", "emitter", "host", "boot_id", "clock", "events")}
    return short(**only).block(core(0), end(1, 1, 1))


@valid
def end_with_totals():
    """What the end record may tell of the whole file."""
    return short().block(created(0, ALICE), attached(1, ALICE, 11), media(2, ALICE, 11), created(3, BOB), core(4), end(
        5, 5, 5, types={"sessions": 2, "handles": 1, "media": 1, "core": 1}, sessions=2, handles=1,
        emitters=["gw-alpha"], first={"seq": 0, "mono": MONO_US}, last={"seq": 4, "mono": MONO_US + 400000},
        lag={"least": 0, "greatest": 0}))


@valid
def crashed_and_completed():
    """Closed by the recorder's next start: the end record's reason is told, and a reason may be new."""
    return short().block(core(0), created(1, ALICE)).block(created(2, BOB), end(2, 3, 3, reason="crash"))


# ---- files that evj makes of files ----

@valid
def concatenated():
    """cat a b: a `journal` line begins anew, seq and mono with it."""
    first = several_blocks()
    second = short(5000000, id=OTHER_ID, emitter="gw-beta").block(core(0), created(1, CAROL), end(2, 2, 2))
    first.members += second.members
    first.given += second.given
    return first


@valid
def concatenated_open():
    """cat a b, where a has no end record, and b is the same recording's next file."""
    first = short().block(core(0), created(1, ALICE))
    first.block(journal(9000000, previous="a.evj.gz"))
    return first.block(created(1, ALICE, kind="state"), media(2, ALICE, 11), end(3, 2, 1))


@valid
def mono_going_back():
    """In a file that no recorder wrote, mono may go back."""
    return (short(clock="by hand").block(core(0), created(1, ALICE, at=900000), media(2, ALICE, 11, at=-500000))
            .block(media(3, ALICE, 11, at=-700000), core(4, at=50), end(5, 5, 5)))


@valid
def cut():
    """A file cut out of another by a selection: its seq have holes, and nothing is missing."""
    return (short(cut="--session 4733726685551743", events=None)
            .block(created(1, ALICE), attached(2, ALICE, 11), media(6, ALICE, 11))
            .block(mark(30), media(58, ALICE, 11), end(60, 5, 4, reason="cut")))


@valid
def cut_to_nothing():
    """A selection that began late, and matched only a mark."""
    return short(cut="--from @500").block(mark(812), end(813, 1, 0, reason="cut"))


def of_source(number, record):
    """In a merged file, mono is wall-clock time. Each event has its own server's name."""
    moved = {"seq": record["seq"], "mono": record["mono"] - MONO_US + WALL_US, "source": number}
    event = record.get("event", {})
    if "emitter" in event:
        record["event"] = event | {"emitter": EMITTERS[number]}
    return moved | {key: value for key, value in record.items() if key not in moved}


@valid
def merged():
    """Several recordings in one file: seq and mono are the file's own, and ids compare within a source."""
    sources = [{"id": ID, "emitter": "gw-alpha", "host": "sfu3", "clock": "monotonic",
                "started": {"wall": WALL_US, "mono": MONO_US}},
               {"id": OTHER_ID, "emitter": "gw-beta", "host": "sfu4", "clock": "monotonic",
                "started": {"wall": WALL_US + 7, "mono": 12}}]
    records = [(0, core(0)), (1, created(1, ALICE)), (0, created(2, ALICE)), (0, created(9, BOB, kind="state")),
               (1, gap(3, 2, "buffer-full", until=WALL_US + 400000, types={"media": 2})), (1, media(5, ALICE, 11)),
               (0, mark(6)), (0, media(7, ALICE, 22))]
    return (short(id="2c3d4e5f-6071-4293-a4b5-c6d7e8f90a1b", clock="merged", emitter=None, boot_id=None, events=None,
                  sources=sources, started_as={"wall": WALL_US, "mono": WALL_US})
            .block(*[of_source(*each) for each in records[:4]]).block(*[of_source(*each) for each in records[4:]])
            .block(end(8, 8, 5, 2, reason="merge", emitters=EMITTERS)))
