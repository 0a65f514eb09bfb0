#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of a real browser, recorded, and compared with the calls that the repository ships."""

import gzip
import json
import re

import browser
import evj
import namespaces
from harness import Place
from janus import Janus
from tap import Tap

ISOLATED = namespaces.enter("network")
GOOD = evj.DATA / "calls" / "good.evj.gz"
FAILING = evj.DATA / "calls" / "failing.evj.gz"
# In a journal's text, what a redacted call may not have: placeholders look otherwise.
SECRETS = (
    r"(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.])",  # addresses
    r"[\w-]+\.local\b",
    r"a=ice-ufrag:(?!ufrag-)\S+?(?=\\r)", r"a=ice-pwd:(?!pwd-)\S+?(?=\\r)",
    r"a=fingerprint:\S+ (?!fp-)\S+?(?=\\r)",
    r"\bufrag (?!ufrag-)\S+?(?=[ \"])",
    r"m=\w+ (?!9 |0 )\d+", r"\"port\":(?!9\b|0\b)\d+",
    r"\"opaque_id\":\"(?!name-)",
)


def record_call(tap, place, scenario, **settings):
    """The journal of one call, and whether the browser found that it went as it should."""
    folder = place.folder(f"journals-{scenario}")
    with Janus(place, evj.recorder(folder, **settings), name=f"janus-{scenario}") as janus:
        status, said = browser.call(place, janus, scenario)
        tap.equal(status, 0, f"{scenario}: the browser's call goes as it should")
        tap.note(said)
        janus.stop()
    return evj.only_journal(folder)


def states(journal, key):
    """The values of this key in the WebRTC events of a journal, in order."""
    events = map(json.loads, evj.event_lines(journal))
    return [event["event"][key] for event in events if event["type"] == 16 and key in event["event"]]


def a_good_call(tap):
    browser.require()
    with Place() as place:
        journal = record_call(tap, place, "echo")
        tap.ok("connected" in states(journal, "dtls"), "echo: DTLS connected", states(journal, "dtls"))
        tap.equal(states(journal, "connection")[:1], ["webrtcup"], "echo: the PeerConnection is up")
        same = evj.run("diff", GOOD, journal, status=None)
        tap.equal(same.returncode, 0, "echo: evj diff finds it the same as the shipped good call")
        tap.note(same.stdout.decode())
        other = evj.run("diff", journal, FAILING, status=None)
        tap.equal(other.returncode, 1, "echo: evj diff finds it different from the shipped failing call")
        sessions = evj.run("sessions", journal).stdout.decode()
        tap.ok("echotest" in sessions, "echo: evj sessions names the plug-in", sessions)


def a_call_whose_DTLS_fails(tap):
    browser.require()
    with Place() as place:
        journal = record_call(tap, place, "dtlsfail")
        tap.ok("failed" in states(journal, "dtls"), "dtlsfail: DTLS failed", states(journal, "dtls"))
        differs = evj.run("diff", GOOD, journal, status=None)
        said = differs.stdout.decode()
        tap.equal(differs.returncode, 1, "dtlsfail: evj diff finds it different from the good call")
        tap.ok("dtls connected" in first_divergence(said) and "dtls failed" in first_divergence(said),
               "dtlsfail: the first divergence that evj diff names is DTLS", said)
        tap.note(said)


def a_redacted_call(tap):
    """What no real call of the streams has been checked for: that the whole way lets nothing through."""
    browser.require()
    with Place() as place:
        plain, redacted = record_call(tap, place, "echo"), record_call(tap, place, "room", redact="all")
        secrets = {pattern: set(re.findall(pattern, text_of(plain))) for pattern in SECRETS}
        # Whether a browser hides its address, and which port its SDP tells, depends on it.
        tap.ok(sum(map(bool, secrets.values())) >= len(SECRETS) - 2, "a call that is not redacted has secrets", secrets)
        left = {pattern: set(re.findall(pattern, text_of(redacted))) for pattern in SECRETS}
        tap.equal({pattern: found for pattern, found in left.items() if found}, {}, "a redacted one has none of them")
        rows = list(map(json.loads, evj.run("sessions", "--json", redacted).stdout.splitlines()))
        reached = {row["reached"] for row in rows if row["kind"] == "handle"}
        tap.ok("media" in reached, "evj sessions tells of it how far it got", rows)
        tap.equal({row["pair"] for row in rows if row.get("pair")}, {"host-host udp"}, "and by which pair")
        tap.equal(evj.run("verify", redacted).returncode, 0, "evj verify finds it sound")


def text_of(journal):
    return gzip.decompress(journal.read_bytes()).decode()


def first_divergence(text):
    """The line that a diff marks as the one where two calls part."""
    return next((line for line in text.splitlines() if line.startswith(">")), "")


def the_shipped_calls(tap):
    tap.equal(evj.run("diff", GOOD, GOOD, status=None).returncode, 0, "the good call is the same as itself")
    differs = evj.run("diff", GOOD, FAILING, status=None)
    tap.equal(differs.returncode, 1, "the failing call differs from it")
    tap.ok("dtls" in first_divergence(differs.stdout.decode()), "at DTLS", differs.stdout.decode())


if __name__ == "__main__":
    webrtc_tap = Tap()
    webrtc_tap.note("network: " + ("a card of our own" if ISOLATED else "this machine's cards"))
    webrtc_tap.run(the_shipped_calls, a_good_call, a_call_whose_DTLS_fails, a_redacted_call)
    webrtc_tap.done()
