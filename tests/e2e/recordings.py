# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of a real browser to a real Janus, each in a journal of its own: the kinds that evj diff is held
against, and what may vary between two calls of one kind without making them different."""

import dataclasses
import json
import random
import subprocess
from collections.abc import Callable

import browser
import evj
import namespaces
from harness import await_true
from janus import Janus

ENDING_SECONDS = 30  # how long Janus may take to take a call down, session time-out included


class CallFailed(Exception):
    pass


def nothing(_janus, _driver):
    """Nobody but the caller does anything."""


def hang_up(janus, driver):
    """The operator ends the PeerConnection over the Admin API."""
    await_true(lambda: "waiting" in driver.log or not driver.is_running(), "the call is up")
    session = janus.admin.post(janus="list_sessions")["sessions"][0]
    handle = janus.admin.post(f"/{session}", janus="list_handles")["handles"][0]
    janus.admin.post(f"/{session}/{handle}", janus="hangup_webrtc")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A call that goes the same way each time."""

    scenario: str  # of webrtc/drive.js
    transport: str = "websockets"
    seconds: tuple[float, float] = (2.5, 4.5)  # how long it lasts: from, to
    session_timeout: int = 20
    has_room: bool = True
    room: dict = dataclasses.field(default_factory=dict)  # settings of the video room
    act: Callable = nothing  # what somebody else does meanwhile


KINDS = {
    "echo-websocket": Kind("echo"),
    "echo-http": Kind("echo", transport="http"),
    "mute": Kind("mute", seconds=(3, 5)),
    "ice-restart": Kind("restart"),
    "room": Kind("room"),
    "feed-leaves": Kind("feedleaves", seconds=(4, 5)),
    "no-vp8": Kind("codec"),
    "video-rejected": Kind("rejected", room={"videocodec": "h264"}),
    "wrong-room": Kind("wrongroom", has_room=False),
    "dtls-failed": Kind("dtlsfail"),
    "ice-failed": Kind("icefail"),
    "hung-up": Kind("hungup", act=hang_up),
    # The browser is killed. Over HTTP Janus learns of it when nothing has come for a while.
    "timeout": Kind("killed", transport="http", seconds=(1.5, 2), session_timeout=5),
    "connection-lost": Kind("killed"),
}


@dataclasses.dataclass(frozen=True)
class Variation:
    """What is harmless, and what no diff may mind."""

    seconds: float
    room: int
    opaque: str
    busy: int  # programs that keep the machine busy
    addresses: int  # of the network card: each is a candidate more

    @classmethod
    def of(cls, kind_name, number):
        """The same for the same kind and number, always. Number 0 is plain and short."""
        if number == 0:
            return cls(seconds=KINDS[kind_name].seconds[0], room=4321, opaque="call", busy=0, addresses=1)
        draw = random.Random(f"{kind_name} {number}")
        least, most = KINDS[kind_name].seconds
        return cls(seconds=round(draw.uniform(least, most), 2), room=draw.randrange(1000, 1 << 53),
                   opaque=draw.choice(["call", f"call-{draw.randrange(1 << 40):x}"]),
                   busy=draw.choice([0, 0, 1, 3]), addresses=draw.choice([1, 1, 2]))


def room_settings(kind, variation):
    room = {"description": "test room", "publishers": 6, "bitrate": 128000, **kind.room}
    return {f"room-{variation.room}": room} if kind.has_room else {}


def url_of(janus, transport):
    return janus.ws_url if transport == "websockets" else f"http://127.0.0.1:{janus.http_port}/janus"


def has_ended(journal):
    """Has Janus told the end of everything that it told the beginning of?"""
    told = [json.loads(line)["event"] for line in evj.event_lines(journal)]
    names = [event.get("name") for event in told]
    data = [event["data"].get("event") for event in told if "data" in event]
    pairs = [(names.count("attached"), names.count("detached")), (data.count("connected"), data.count("disconnected")),
             (data.count("joined"), data.count("leaving"))]
    # A session whose connection is lost ends without a word.
    if "connected" not in data:
        pairs.append((names.count("created"), names.count("destroyed") + names.count("timeout")))
    return "attached" in names and all(begun == ended for begun, ended in pairs)


def vary_machine(place, variation):
    """Keep the machine busy, and give its network card as many addresses as that."""
    for number in range(variation.busy):
        place.start(["sh", "-c", "while :; do :; done"], f"busy-{number}.log")
    for number in range(1, variation.addresses):
        address = f"{namespaces.ADDRESS.rsplit('.', 1)[0]}.{100 + number}/24"
        subprocess.run(["ip", "address", "add", address, "dev", namespaces.CARD], check=True)
        place.stack.callback(subprocess.run, ["ip", "address", "del", address, "dev", namespaces.CARD], check=False)


def record(place, kind_name, number):
    """Record the call of this kind and number. Returns its journal, in the place's folder."""
    kind, variation = KINDS[kind_name], Variation.of(kind_name, number)
    folder = place.folder("journals")
    settings = {"janus": {"general": {"session_timeout": kind.session_timeout}},
                "janus.plugin.videoroom": room_settings(kind, variation)}
    vary_machine(place, variation)
    with Janus(place, evj.recorder(folder), server_name="gw-demo", settings=settings) as janus:
        driver = browser.start(place, url_of(janus, kind.transport), kind.scenario, seconds=variation.seconds,
                               room=variation.room, opaque=variation.opaque)
        kind.act(janus, driver)
        status, said = browser.finish(driver)
        if status != 0:
            raise CallFailed(f"{kind_name} {number}: {said}")
        journal = evj.only_journal(folder)
        await_true(lambda: has_ended(journal), "Janus has taken the call down", ENDING_SECONDS)
        janus.stop()
    return journal
