# SPDX-License-Identifier: GPL-3.0-or-later
"""The records that the corpus is made of: small, and such as Janus and the recorder make them."""

WALL_US = 1795335330000000  # 2026-11-22T08:15:30Z
MONO_US = 3600000000
ID = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"
OTHER_ID = "1b2c3d4e-5f60-4182-93a4-b5c6d7e8f90a"
BOOT_ID = "6ee2f09c-2f0c-4f0e-9b0a-2d5f6a7b8c9d"
ALICE, BOB, CAROL = 4733726685551743, 1206387154325417, 8067425612343921


def journal(started=0, **more):
    """A first line. `started`: µs after the first recording's start. A key that is None is left out."""
    body = {"version": 1, "id": ID, "recorder": "evj 0.1.0", "emitter": "gw-alpha", "host": "sfu3",
            "boot_id": BOOT_ID, "clock": "monotonic", "events": "all"} | more
    body["started"] = more.get("started_as", {"wall": WALL_US + started, "mono": MONO_US + started})
    return {"journal": {k: v for k, v in body.items() if v is not None and k != "started_as"}}


def wrap(seq, event, kind="event", at=None):
    """`at`: µs after the start; a record's default is a tenth of a second for each seq."""
    return {"seq": seq, "mono": MONO_US + (100000 * seq if at is None else at), kind: event}


def core(seq, **more):
    """An event of the server itself, which has no session."""
    return wrap(seq, {"emitter": "gw-alpha", "type": 256, "subtype": 1, "timestamp": WALL_US + 100000 * seq,
                      "event": {"status": "update", "info": {"sessions": seq}}}, **more)


def created(seq, session, **more):
    return wrap(seq, {"emitter": "gw-alpha", "type": 1, "timestamp": WALL_US + 100000 * seq, "session_id": session,
                      "event": {"name": "created", "transport": {"transport": "janus.transport.websockets",
                                                                 "id": "140122341234560"}}}, **more)


def attached(seq, session, handle, **more):
    return wrap(seq, {"emitter": "gw-alpha", "type": 2, "timestamp": WALL_US + 100000 * seq, "session_id": session,
                      "handle_id": handle, "opaque_id": f"call-{handle}",
                      "event": {"name": "attached", "plugin": "janus.plugin.echotest",
                                "opaque_id": f"call-{handle}"}}, **more)


def statistics(mid, lost=0):
    return {"mid": str(mid), "mindex": mid, "media": ["audio", "video"][mid], "base": [48000, 90000][mid],
            "rtt": 12, "lost": lost, "lost-by-remote": 0, "packets-received": 50 * (mid + 1), "packets-sent": 50}


def media(seq, session, handle, body=None, **more):
    return wrap(seq, {"emitter": "gw-alpha", "type": 32, "subtype": 3, "timestamp": WALL_US + 100000 * seq,
                      "session_id": session, "handle_id": handle, "opaque_id": f"call-{handle}",
                      "event": statistics(0, seq % 7) if body is None else body}, **more)


def plugin(seq, session, handle, data, **more):
    return wrap(seq, {"emitter": "gw-alpha", "type": 64, "timestamp": WALL_US + 100000 * seq, "session_id": session,
                      "handle_id": handle, "event": {"plugin": "janus.plugin.videoroom", "data": data}}, **more)


def gap(seq, events, reason, at=None, **more):
    body = {"events": events, "bytes": 597 * events, "reason": reason,
            "until": MONO_US + 100000 * (seq + events - 1)} | more
    return wrap(seq, {k: v for k, v in body.items() if v is not None}, "gap", at)


def mark(seq, text="repro starts here", at=None, **more):
    return wrap(seq, {"text": text, "source": "admin"} | more, "mark", at)


def end(seq, records, events, dropped=0, reason="shutdown", **more):
    """`seq`: of the record that would come next; it tells the time."""
    return {"end": {"wall": WALL_US + 100000 * seq, "mono": MONO_US + 100000 * seq, "records": records,
                    "events": events, "dropped": dropped, "reason": reason} | more}
