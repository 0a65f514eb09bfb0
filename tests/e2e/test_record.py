#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Janus with the recorder: what it writes from its start to its shutdown."""

import gzip
import json
import signal
import subprocess

import evj
from calls import ODD_DATA, custom_events, marked, one_call, without_nul
from harness import Place
from janus import Janus
from tap import Missing, Tap


def recorded(place, with_signal):
    """Run a Janus through some calls. Returns its journal, its exit status and a session's id."""
    folder = place.folder("journals")
    with Janus(place, evj.recorder(folder)) as janus:
        session_id = one_call(janus)
        one_call(janus, plugin="videoroom")
        custom_events(janus, 20)
        janus.custom_event("evj.odd", without_nul(ODD_DATA))
        status = janus.stop(with_signal)
    return evj.only_journal(folder), status, session_id


def check_stopped_by(tap, with_signal):
    name = with_signal.name
    with Place() as place:
        journal, status, session_id = recorded(place, with_signal)
        tap.equal(status, 0, f"Janus ends normally on {name}")
        lines = [json.loads(line) for line in gzip.open(journal)]
        tap.ok("journal" in lines[0], f"after {name} the journal begins with its first line", lines[0])
        tap.equal(list(lines[-1]), ["end"], f"after {name} the journal ends with an end record")
        events = [line["event"] for line in lines if "event" in line]
        # Not "the first event is its start": transports answer a little before the core says so, and the
        # harness's first request, which asks whether Janus is up, is an event too.
        core = [event["event"]["status"] for event in events if event["type"] == 256]
        tap.equal(core, ["started", "shutdown"], f"{name}: the server's start and shutdown are there, once")
        tap.equal(evj.strange_behind_shutdown(events), [], f"{name}: behind its shutdown are only handles' last words")
        tap.equal([line["seq"] for line in lines if "seq" in line], list(range(len(events))),
                  f"{name}: the records are numbered without a hole")
        tap.equal(lines[-1]["end"]["events"], len(events), f"{name}: the end record counts the events")
        seen = [e["event"]["data"] for e in events if e["type"] == 4]
        tap.equal(seen[:20], [marked(n) for n in range(20)], f"{name}: custom events arrive whole and in order")
        tap.equal(seen[20], without_nul(ODD_DATA), f"{name}: odd strings and numbers survive")
        names = [e["event"]["name"] for e in events if e["type"] == 1 and e["session_id"] == session_id]
        tap.equal(names, ["created", "destroyed"], f"{name}: the session's beginning and end are there")


def a_journal_of_a_server_stopped_by_SIGINT(tap):
    check_stopped_by(tap, signal.SIGINT)


def a_journal_of_a_server_stopped_by_SIGTERM(tap):
    check_stopped_by(tap, signal.SIGTERM)


def other_programs_read_the_journal(tap):
    with Place() as place:
        journal, _status, session_id = recorded(place, signal.SIGINT)
        try:
            piped = subprocess.run(["sh", "-c", 'zcat "$1" | jq -c "select(.event).event"', "-", journal],
                                   capture_output=True, check=False)
        except FileNotFoundError as missing:
            raise Missing(str(missing)) from missing
        if piped.returncode == 127 or b"not found" in piped.stderr:
            raise Missing("zcat or jq is not installed")
        tap.equal(len(piped.stdout.splitlines()), len(evj.event_lines(journal)),
                  "zcat | jq finds every event")
        tap.equal(subprocess.run(["gzip", "-t", journal], check=False).returncode, 0,
                  "gzip finds the journal sound")
        info = json.loads(evj.run("info", "--json", journal).stdout.splitlines()[0])
        tap.equal(info.get("events"), len(evj.event_lines(journal)), "evj info counts the events")
        sessions = evj.run("sessions", "--json", journal).stdout.decode()
        tap.ok(str(session_id) in sessions, "evj sessions lists the session", sessions)


def the_handler_answers_on_the_Admin_API(tap):
    with Place() as place:
        folder = place.folder("journals")
        with Janus(place, evj.recorder(folder)) as janus:
            custom_events(janus, 5)
            answer = janus.handler_status()
            tap.note(json.dumps(answer))
            tap.equal(answer.get("result"), 200, "status is answered with result 200")
            tap.ok(str(folder) in json.dumps(answer), "status names the file", answer)
            refused = janus.handler_status(request="fly")
            tap.ok("error_code" in refused, "an unknown request is answered with an error code", refused)
            empty = janus.handler_status(nothing="asked")
            tap.equal(empty.get("error_code"), 412, "a request without \"request\" is answered 412")


if __name__ == "__main__":
    harness_tap = Tap()
    harness_tap.run(a_journal_of_a_server_stopped_by_SIGINT, a_journal_of_a_server_stopped_by_SIGTERM,
                    other_programs_read_the_journal, the_handler_answers_on_the_Admin_API)
    harness_tap.done()
