#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each file of a rotated recording stands alone: what it tells of who is there is what all files up to it tell."""

import contextlib
import json
import threading

import browser
import evj
import namespaces
from calls import custom_events
from harness import Place, await_true
from janus import Janus
from tap import Tap

ISOLATED = namespaces.enter("network")
# What files before have and this one has not: their events, the candidates (a selected pair is what counts
# of those), PeerConnections that were over. And each file has clocks of its own, a microsecond apart.
PAST = ("events", "local_candidates", "remote_candidates", "peer_connections", "complete",
        "started_us", "duration_us")


def recording(place, folder):
    return Janus(place, evj.recorder(folder, flush_interval=0.05, spool_folder=str(place.folder("spool"))))


def turn(janus):
    """To the next file."""
    files = janus.handler_status()["files"]
    janus.handler_status(request="rotate")
    await_true(lambda: janus.handler_status()["files"] > files, "a next file is begun")


def who_is_there(*files):
    """Sessions and handles by their ids, with all that evj sessions tells of them but the past."""
    told = evj.run("sessions", "--json", *files, status=None).stdout.splitlines()
    rows = [{key: value for key, value in json.loads(line).items() if key not in PAST} for line in told]
    return {(row["kind"], row["session_id"], row.get("handle_id")): row for row in rows}


def have_statistics(path):
    """Sessions that have such an event in this file."""
    events = map(json.loads, evj.event_lines(path))
    return {event["session_id"] for event in events if event["type"] == 32 and event.get("subtype") == 3}


def tells_the_same(row, known, statistics):
    """Statistics are no state: what only they tell, that media goes to one who sends none, comes with the next."""
    if row and known and row["reached"] == "up" and row["session_id"] not in statistics:
        known = {**known, "reached": "up"} if known["reached"] == "media" else known
    return row == known


def check_each_file(tap, folder, case):
    """Returns what each file tells."""
    files = evj.journals(folder)
    wrong, told = [], []
    for number, path in enumerate(files):
        alone, known, statistics = who_is_there(path), who_is_there(*files[:number + 1]), have_statistics(path)
        told.append(alone)
        living = {key for key, row in known.items() if row["ended"] == "open"}
        wrong += [(path.name, alone.get(key), known.get(key)) for key in living | set(alone)
                  if not tells_the_same(alone.get(key), known.get(key), statistics)]
    tap.ok(not wrong, f"{case}: each of {len(files)} files alone tells of who is there what all before it tell",
           lambda: "\n".join(map(str, wrong[:6])))
    replays = [evj.run("replay", "--speed", "max", "--null", path, status=None).returncode for path in files]
    tap.equal(replays, [0] * len(files), f"{case}: each of them can be replayed")
    tap.equal(evj.run("verify", *files, status=None).returncode, 0, f"{case}: and all are sound")
    return told


def sessions_over_HTTP(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder) as janus:
            caller, guest = janus.session(), janus.session()
            turn(janus)
            echo, room = caller.attach("echotest", "caller"), guest.attach("videoroom", "guest")
            turn(janus)
            guest.message(room, {"request": "join", "ptype": "publisher", "room": 1234, "display": "Guest"})
            caller.message(echo, {"audio": True, "video": False})
            turn(janus)
            custom_events(janus, 5)  # a file in which nobody does anything
            turn(janus)
            caller.detach(echo)
            caller.destroy()
            turn(janus)
            turn(janus)
            janus.stop()
        told = check_each_file(tap, folder, "sessions over HTTP")
        owners = [{row["opaque_id"]: (row["session_id"], row["plugin"]) for row in rows.values() if row["kind"] == "handle"}
                  for rows in told]
        both = {"caller": (caller.id, "janus.plugin.echotest"), "guest": (guest.id, "janus.plugin.videoroom")}
        one = {"guest": both["guest"]}
        tap.equal(owners, [{}, both, both, both, both, one, one], "and whose which handle is")
        lasting = [sorted(row["session_id"] for row in rows.values() if row["kind"] == "session" and row["ended"] == "open")
                   for rows in told]
        both, one = sorted([caller.id, guest.id]), [guest.id]
        tap.equal(lasting, [both, both, both, both, one, one, []], "and which sessions go on, until the server's end")


def calls_of_a_browser(tap):
    browser.require()
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder) as janus:
            over = threading.Event()
            turning = threading.Thread(target=turn_until, args=(janus, over), daemon=True)
            turning.start()
            driver = browser.start(place, janus.ws_url, "room", seconds=3)
            status, said = browser.finish(driver)
            over.set()
            turning.join()
            janus.stop()
        tap.equal(status, 0, "the browser's calls go as they should")
        tap.note(said)
        told = check_each_file(tap, folder, "calls of a browser")
        tap.ok(len(told) > 8, "there are files from before, within and behind the calls", len(told))
        inner = [row for rows in told for row in rows.values() if row["kind"] == "handle" and row["ended"] == "open"]
        tap.ok(any(row["reached"] == "media" and row["pair"] for row in inner),
               "in the midst of a call a file tells of its media and its pair", inner[:4])


def turn_until(janus, over):
    with contextlib.suppress(OSError):  # at the end the server is gone
        while not over.wait(0.3):
            turn(janus)


if __name__ == "__main__":
    standalone_tap = Tap()
    standalone_tap.note("network: " + ("a card of our own" if ISOLATED else "this machine's cards"))
    standalone_tap.run(sessions_over_HTTP, calls_of_a_browser)
    standalone_tap.done()
