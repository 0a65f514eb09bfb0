#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers that cannot start, and backends that are down, slow or refuse: a clear line, the right exit status,
and no wait without an end. With Debian's own handlers."""

import contextlib
import re
import socket

import evj
from backends.web import Web
from harness import Place, free_ports
from janus import bundled
from replaying import replay
from tap import Tap
from test_defects import count_lost, line_of, noisy_journal

HANDLERS = ("sampleevh", "wsevh", "mqttevh", "rabbitmqevh", "nanomsgevh", "gelfevh")


def handler(name, **settings):
    return {bundled("events", name): {"enabled": True, "events": "all", "json": "compact", **settings}}


@contextlib.contextmanager
def silent_server():
    """Takes connections, and never says a word. Yields its port."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield server.getsockname()[1]


def said(place, handlers, *options, status):
    """All that a replay of a few events into these says. It must end by itself."""
    journal = place.path / "noisy.evj.gz"
    if not journal.exists():
        noisy_journal(place, 20, 100)
    return replay(place, journal, "config", handlers, *options, status=status).stderr.decode()


def is_one_line(text):
    return text.count("\n") == 1 and text.startswith("evj replay: ")


def without_a_configuration_no_handler_starts(tap):
    with Place() as place:
        journal = noisy_journal(place, 1, 10)
        empty = place.folder("empty")
        for name in HANDLERS:
            text = evj.run("replay", journal, "--handler", bundled("events", name), "--config", empty,
                           status=2).stderr.decode()
            tap.ok(is_one_line(text) and f"there is no janus.eventhandler.{name}.jcfg in {empty}" in text,
                   f"{name} without a configuration: the line says what is missing", text)


def a_handler_that_is_switched_off_is_told_as_that(tap):
    with Place() as place:
        text = said(place, handler("wsevh", enabled=False), status=2)
        tap.ok(is_one_line(text) and "disabled" in text and "janus.eventhandler.wsevh.jcfg" in text,
               "a handler that is switched off: the line quotes it, and names its configuration", text)


def a_backend_that_is_down_at_the_start(tap):
    port = free_ports(1)[0]
    with Place() as place:
        text = said(place, handler("rabbitmqevh", host="127.0.0.1", port=port, route_key="x"), status=2)
        tap.ok(is_one_line(text) and "Can't connect to RabbitMQ server" in text,
               "rabbitmqevh without a broker does not start: its own line says why", text)
        text = said(place, handler("gelfevh", backend="127.0.0.1", port=str(port), protocol="tcp"), status=2)
        tap.ok(is_one_line(text) and "Connect to GELF host failed" in text,
               "gelfevh without a server does not start: its own line says why", text)


def a_backend_that_is_down_later(tap):
    """These start, and say something; what they make of the events is another matter."""
    port = free_ports(1)[0]
    cases = {
        "sampleevh": ({"backend": f"http://127.0.0.1:{port}/", "max_retransmissions": 1},
                      "Couldn't relay event to the backend"),
        "wsevh": ({"backend": f"ws://127.0.0.1:{port}/"}, "Error connecting to backend"),
        "mqttevh": ({"url": f"tcp://127.0.0.1:{port}"}, "failed connecting to the broker"),
    }
    with Place() as place:
        for name, (settings, complaint) in cases.items():
            # The warm-up leaves mqttevh and wsevh the time to try.
            text = said(place, handler(name, **settings), "--warm-up", "3", status=1)
            tap.ok(complaint in text and "of them at error" in line_of(text, "log"),
                   f"{name} without a backend: its error is shown and counted, exit 1", text)


def a_server_that_never_answers(tap):
    with Place() as place, silent_server() as port:
        text = said(place, handler("rabbitmqevh", host="127.0.0.1", port=port, route_key="x"),
                    "--timeout", "1", status=1)
        tap.equal(line_of(text, "ended"), "janus.eventhandler.rabbitmqevh did not return within 1 s in init, and "
                  "was killed", "rabbitmqevh and a broker that never answers: ended in its init")
        tap.ok(re.search(r"^ +at .*\n( +\S.*\n)* +libjanus_rabbitmqevh\.so\(janus_rabbitmqevh_init\+", text,
                         re.MULTILINE), "with the way there", text)


def a_slow_backend_ends_the_drain_and_then_the_time_out(tap):
    with Place() as place:
        backend = Web(place)
        backend.answering.clear()
        text = said(place, backend.handler(), "--drain", "0.5", "--timeout", "1", status=1)
        tap.equal(line_of(text, "held"), "20 events at the end", "a slow backend: what sampleevh has not let go of "
                  "is counted")
        tap.equal(line_of(text, "ended"), "janus.eventhandler.sampleevh did not return within 1 s in destroy, after "
                  "record 19, and was killed", "and its destroy(), which waits for the backend, is ended")


def an_answer_of_500_is_success_to_sampleevh(tap):
    """Only who looks at what has arrived can tell."""
    with Place() as place:
        backend = Web(place)
        backend.status = 500
        got = evj.Backend(place, "got")  # behind the server that refuses: nothing gets there
        text = said(place, backend.handler(), "--expect", got.path, "--expect-wait", "0", status=1)
        tap.equal(line_of(text, "held"), "none: it had let go of every event before destroy",
                  "an answer of 500: sampleevh says nothing")
        tap.equal(line_of(text, "log"), "", "and logs nothing")
        tap.equal(count_lost(text), 20, "the comparison with what was taken names what is lost")


if __name__ == "__main__":
    bad_tap = Tap()
    bad_tap.run(without_a_configuration_no_handler_starts, a_handler_that_is_switched_off_is_told_as_that,
                a_backend_that_is_down_at_the_start, a_backend_that_is_down_later, a_server_that_never_answers,
                a_slow_backend_ends_the_drain_and_then_the_time_out, an_answer_of_500_is_success_to_sampleevh)
    bad_tap.done()
