#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's own event handlers in the handler host: they deliver what they deliver in a real Janus.

All run in one live Janus beside our recorder, each against the kind of server that it was written for.
Then the recorder's journal is replayed into each of them, against the same server, and what arrives is
compared: the same topics, routing keys and payloads.
"""

import json
import signal

import evj
from backends.gelf import GelfTcp, GelfUdp
from backends.mosquitto import Mosquitto
from backends.nanomsg import Nanomsg
from backends.rabbitmq import RabbitMq
from backends.web import Web
from backends.websocket import WebSocket
from calls import ODD_DATA, custom_events, one_call, without_nul
from harness import Place, TimedOut, await_true
from janus import Janus
from replaying import Replay
from tap import Missing, Tap

# All but nanomsgevh, which sometimes does not work at all and then needs another Janus.
TOGETHER = (Web, WebSocket, Mosquitto, RabbitMq, GelfUdp)
TRIES = 30  # of nanomsgevh, which fails in one of three
LOOP_DIED = "poll() failed"  # its last words


def make_events(janus):
    """Fewer than a socket's buffer takes in datagrams of gelfevh, whoever may not ask for a larger one."""
    for number in range(2):
        one_call(janus, f"caller-{number}")
    one_call(janus, plugin="videoroom")
    custom_events(janus, 20)
    janus.custom_event("evj.odd", without_nul(ODD_DATA))


def events_of(journal):
    return [json.loads(line) for line in evj.event_lines(journal)]


def record_beside(place, backends):
    """A journal, and what each handler delivered while it was recorded.

    Janus is killed: no handler waits at its shutdown for what it has queued, so that the last event would
    sometimes come, and sometimes late.
    """
    folder = place.folder("journals")
    handlers = evj.recorder(folder, spool_folder=str(place.folder("spool")))
    for backend in backends:
        handlers |= backend.handler(grouping=False)
    with Janus(place, handlers) as janus:
        make_events(janus)
        journal = evj.only_journal(folder)
        for backend in backends:
            backend.await_all_of(journal)
        live = [backend.take() for backend in backends]
        janus.stop(signal.SIGKILL)
    return journal, live


def check_live(tap, backend, live, journal):
    tap.equal(backend.events(live), events_of(journal),
              f"{backend.name} in Janus delivers the events that the recorder beside it records")


def check_report(tap, report, backend, journal):
    found = [handler for handler in report["handlers"] if handler["package"].endswith(backend.handler_name)]
    claims = {"delivered": len(events_of(journal)), "held": 0, "leaked": 0, "ended": {"how": "destroyed"}}
    tap.equal({key: found[0][key] for key in claims}, claims, f"{backend.name}: and the report says so")
    tap.equal(report["json_alive"], 0, f"{backend.name}: and nothing of any event was left")


def check_replay(tap, place, backend, live, journal, **config):
    running = Replay(place, journal, f"replay-{backend.name}", backend.handler(grouping=False), **config)
    backend.await_all_of(journal)
    report = running.finish()
    tap.equal(backend.of_events(backend.take()), backend.of_events(live),
              f"{backend.name} in the host delivers the same messages as in Janus")
    check_report(tap, report, backend, journal)


def started(tap, place, kinds):
    """The backends whose parts are on this machine."""
    backends = []
    for kind in kinds:
        try:
            backends.append(kind(place))
        except Missing as missing:
            tap.missing(f"{kind.name} in Janus and in the host", str(missing))
    return backends


def each_handler_delivers_what_it_delivers_in_janus(tap):
    with Place() as place:
        backends = started(tap, place, TOGETHER)
        journal, live = record_beside(place, backends)
        for backend, delivered in zip(backends, live):
            check_live(tap, backend, delivered, journal)
            check_replay(tap, place, backend, delivered, journal)
        all_at_once(tap, place, backends, journal)


def all_at_once(tap, place, backends, journal):
    """Each then gets copies of its own, as in the Janus that was recorded. Here in groups, or compressed."""
    handlers = {}
    for backend in backends:
        handlers |= backend.handler(**backend.otherwise)
    running = Replay(place, journal, "replay-all", handlers)
    for backend in backends:
        backend.await_all_of(journal)
    report = running.finish()
    for backend in backends:
        tap.equal(backend.events(backend.take()), events_of(journal),
                  f"{backend.name} beside the others delivers every event")
        check_report(tap, report, backend, journal)


def gelfevh_delivers_the_same_over_tcp(tap):
    with Place() as place:
        backend = GelfTcp(place)
        journal, live = record_beside(place, [backend])
        check_live(tap, backend, live[0], journal)
        check_replay(tap, place, backend, live[0], journal, suffix="cfg")


def await_nanomsg(backend, journal, log):
    """Wait until the journal's last event has come, or the handler says that it has failed."""
    await_true(lambda: backend.events(backend.untaken())[-1:] == events_of(journal)[-1:] or LOOP_DIED in log(),
               "nanomsgevh delivers, or says why not")
    return backend.take() if LOOP_DIED not in log() else None


def record_nanomsg(place, backend):
    """A journal, and what nanomsgevh has delivered meanwhile: None if it did not work."""
    folder = place.folder("journals")
    handlers = evj.recorder(folder, spool_folder=str(place.folder("spool")))
    with Janus(place, {**handlers, **backend.handler(grouping=False)}) as janus:
        await_true(lambda: backend.is_connected() or LOOP_DIED in janus.log, "nanomsgevh connects")
        make_events(janus)
        journal = evj.only_journal(folder)
        live = await_nanomsg(backend, journal, lambda: janus.log)
        janus.stop(signal.SIGKILL)
    return journal, live


def replay_nanomsg(place, backend, journal):
    running = Replay(place, journal, "replay-nanomsgevh", backend.handler(grouping=False), "--warm-up", "1")
    again = await_nanomsg(backend, journal, lambda: running.process.log)
    return again, running.finish()


def end_alike(tap, got, expected, claim):
    """A publisher loses what it is given before its subscriber is connected, now more, now less, and nothing later."""
    common = min(len(got), len(expected))
    tap.equal(got[len(got) - common:], expected[len(expected) - common:], claim)
    tap.ok(common > len(expected) // 2, f"{claim}: all but the first of them", f"{common} of {len(expected)}")


def nanomsgevh_works(tap):
    with Place() as place:
        backend = Nanomsg(place)
        journal, live = record_nanomsg(place, backend)
        if live is None:
            return False
        end_alike(tap, backend.events(live), events_of(journal), "nanomsgevh in Janus delivers what is recorded")
        for tries in range(1, TRIES):
            again, report = replay_nanomsg(place, backend, journal)
            if again is not None:
                tap.note(f"nanomsgevh worked in the host at try {tries}")
                end_alike(tap, again, live, "nanomsgevh in the host delivers the same messages as in Janus")
                check_report(tap, report, backend, journal)
                return True
    return False


def nanomsgevh_delivers_what_it_delivers_in_janus(tap):
    """Its loop thread polls with flags that it has not initialised, and in some starts dies of that."""
    for _ in range(TRIES):
        if nanomsgevh_works(tap):
            return
    raise TimedOut(f"nanomsgevh failed {TRIES} times")


TWEAK = {"request": "tweak", "events": "none", "grouping": False}


def requests_are_answered_as_janus_hands_them_on(tap):
    with Place() as place:
        backend = Web(place)
        folder = place.folder("journals")
        handlers = evj.recorder(folder, spool_folder=str(place.folder("spool")))
        questions = [{"request": "tweak", "grouping": True}, {"request": "dance"}, {"no": "request"}, TWEAK]
        with Janus(place, {**handlers, **backend.handler(grouping=False)}) as janus:
            make_events(janus)
            journal = evj.only_journal(folder)
            live = [janus.handler_status("janus.eventhandler.sampleevh", **question) for question in questions]
            janus.stop(signal.SIGKILL)
        half = len(events_of(journal)) // 2
        asked = [option for question in questions
                 for option in ("--request", f"sampleevh:{json.dumps(question)}@@{half}")]
        backend.take()
        running = Replay(place, journal, "replay-requests", backend.handler(grouping=False), *asked)
        backend.await_count(half)
        report = running.finish()
        tap.equal([answer["answer"] for answer in report["requests"]], live,
                  "sampleevh answers requests in the host as it does in Janus")
        tap.equal(backend.events(backend.take()), events_of(journal)[:half],
                  "and from then on is given only what the mask lets through")


if __name__ == "__main__":
    handlers_tap = Tap()
    handlers_tap.run(each_handler_delivers_what_it_delivers_in_janus, gelfevh_delivers_the_same_over_tcp,
                     nanomsgevh_delivers_what_it_delivers_in_janus,
                     requests_are_answered_as_janus_hands_them_on)
    handlers_tap.done()
