# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of every kind of plugin to a real Janus, over its HTTP interface: what the plugins tell of
them, without media, since there is no peer behind the SDPs."""

import contextlib
import json
import time

import evj
import fake_sip
import namespaces
import peer_sdp
from harness import await_true
from janus import Janus


class CallFailed(Exception):
    pass


class Talk:
    """One session with a handle of a plugin. `number` is the call's: its ids and names follow from it."""

    def __init__(self, janus, plugin, number):
        self.session, self.number = janus.session(), number
        self.handle = self.session.attach(plugin, f"caller-{number}")

    def ask(self, jsep=None, **body):
        """A request; it fails if it is refused at once."""
        message = {"janus": "message", "body": body} | ({"jsep": jsep} if jsep else {})
        answer = self.session.api.post(f"/{self.session.id}/{self.handle}", **message)
        data = answer.get("plugindata", {}).get("data", {})
        if "error" in data:
            raise CallFailed(f"{body}: {data}")

    def await_event(self, **wanted):
        """The plugin's next event that says so, in "result" or at its top."""
        while True:
            told = self.session.api.get(f"/{self.session.id}?maxev=1")
            for event in told if isinstance(told, list) else [told]:
                data = event.get("plugindata", {}).get("data", {})
                result = data.get("result")
                said = {**data, **(result if isinstance(result, dict) else {})}
                if all(said.get(key) == value for key, value in wanted.items()):
                    return event
                if "error" in said:
                    raise CallFailed(f"waiting for {wanted}: {said}")

    def await_hangup(self):
        """Whoever detaches sooner may never be told why the PeerConnection ended."""
        while self.session.api.get(f"/{self.session.id}?maxev=1").get("janus") != "hangup":
            pass

    def end(self):
        self.session.detach(self.handle)
        self.session.destroy()


def leave(*talks):
    for talk in talks:
        talk.end()


def await_told(janus, **wanted):
    """Until Janus has told event handlers so of a plugin."""
    journal = evj.only_journal(janus.place.folder("journals"))
    await_true(lambda: any(wanted.items() <= json.loads(line)["event"].get("data", {}).items()
                           for line in evj.event_lines(journal)), f"Janus tells {wanted}")


def room_of(number, strings):
    return f"room-{number}" if strings else 1000 + number


def audiobridge(janus, number, strings=False):
    room = room_of(number, strings)
    alice, bob = Talk(janus, "audiobridge", number), Talk(janus, "audiobridge", number + 1)
    alice.ask(request="create", room=room, description="bridge")
    for talk, name in ((alice, "alice"), (bob, "bob")):
        own = {"id": f"{name}-{number}" if strings else 7000 + talk.number}
        talk.ask(request="join", room=room, display=name, **own)
        joined = talk.await_event(audiobridge="joined")["plugindata"]["data"]
        talk.id = joined["id"]
    alice.ask(request="configure", muted=True)
    alice.await_event(result="ok")
    alice.ask(request="configure", muted=False, jsep=peer_sdp.offer(number, "audio"))
    alice.await_event(result="ok")
    bob.ask(request="mute", room=room, id=alice.id)
    bob.ask(request="kick", room=room, id=bob.id)
    await_told(janus, event="left", display="bob")
    alice.ask(request="leave")
    alice.await_event(audiobridge="left")
    alice.ask(request="destroy", room=room)
    leave(bob, alice)


def textroom(janus, number, strings=False):
    room = room_of(number, strings)
    talk = Talk(janus, "textroom", number)
    talk.ask(request="create", room=room, description="chat")
    talk.ask(request="edit", room=room, new_description="talk")
    talk.ask(request="setup")
    offered = talk.await_event(textroom="event")
    assert "jsep" in offered
    talk.ask(request="destroy", room=room)
    talk.end()


def streaming(janus, number, strings=False):
    mount = f"stage-{number}" if strings else 100 + number
    talk = Talk(janus, "streaming", number)
    talk.ask(request="create", type="rtp", id=mount, name="stage",
             media=[{"type": "audio", "mid": "a", "pt": 111, "codec": "opus", "port": 0}])
    talk.ask(request="watch", id=mount)
    talk.await_event(status="preparing")
    talk.ask(request="start", jsep=peer_sdp.answer(number, "audio", direction="recvonly"))
    talk.await_event(status="starting")
    talk.ask(request="pause")
    talk.await_event(status="pausing")
    talk.ask(request="destroy", id=mount)
    talk.await_hangup()
    talk.end()


def videocall(janus, number):
    alice, bob = Talk(janus, "videocall", number), Talk(janus, "videocall", number + 1)
    for talk, name in ((alice, "alice"), (bob, "bob")):
        talk.ask(request="register", username=name)
        talk.await_event(event="registered")
    alice.ask(request="call", username="bob", jsep=peer_sdp.offer(number, "audio", "video"))
    bob.await_event(event="incomingcall")
    bob.ask(request="accept", jsep=peer_sdp.answer(number, "audio", "video"))
    alice.await_event(event="accepted")
    alice.ask(request="set", video=False, bitrate=128000)
    alice.await_event(event="set")
    alice.ask(request="hangup", reason="enough")
    alice.await_hangup()
    bob.await_hangup()
    leave(alice, bob)


def recordplay(janus, number):
    talk = Talk(janus, "recordplay", number)
    talk.ask(request="record", id=5000 + number, name="note", jsep=peer_sdp.offer(number, "audio"))
    talk.await_event(status="recording")
    talk.ask(request="stop")
    talk.await_event(status="stopped")
    talk.await_hangup()
    talk.end()


def nosip(janus, number):
    talk = Talk(janus, "nosip", number)
    talk.ask(request="generate", jsep=peer_sdp.offer(number, "audio"))
    talk.await_event(event="generated")
    plain = fake_sip.ANSWER.format(host=namespaces.ADDRESS)
    talk.ask(request="process", type="answer", sdp=plain)
    talk.await_event(event="processed")
    talk.ask(request="hangup")
    talk.await_hangup()
    talk.end()


@contextlib.contextmanager
def registered(janus, number, says):
    with fake_sip.FakeSip(namespaces.ADDRESS, says) as server:
        talk = Talk(janus, "sip", number)
        proxy = f"sip:{server.host}:{server.port}"
        talk.ask(request="register", username=f"sip:alice@{server.host}", secret="wonderland", proxy=proxy)
        yield talk, f"sip:bob@{server.host}:{server.port}"
        talk.end()


def dial(talk, whom):
    """Registered, a person takes a moment to call."""
    talk.await_event(event="registered")
    time.sleep(0.2)
    talk.ask(request="call", uri=whom, jsep=peer_sdp.offer(talk.number, "audio"))


def sip(janus, number):
    with registered(janus, number, None) as (talk, bob):
        dial(talk, bob)
        talk.await_event(event="accepted")
        talk.ask(request="hangup")
        talk.await_event(event="hangup")
        talk.await_hangup()


def sip_busy(janus, number):
    with registered(janus, number, {"INVITE": ["486 Busy Here"]}) as (talk, bob):
        dial(talk, bob)
        talk.await_event(event="hangup")
        talk.await_hangup()


def sip_refused(janus, number):
    with registered(janus, number, {"REGISTER": ["403 Forbidden"]}) as (talk, _bob):
        talk.await_event(event="registration_failed")


def with_strings(scenario):
    return lambda janus, number: scenario(janus, number, strings=True)


KINDS = {
    "audiobridge": audiobridge,
    "audiobridge-strings": with_strings(audiobridge),
    "nosip": nosip,
    "recordplay": recordplay,
    "sip": sip,
    "sip-busy": sip_busy,
    "sip-refused": sip_refused,
    "streaming": streaming,
    "streaming-strings": with_strings(streaming),
    "textroom": textroom,
    "textroom-strings": with_strings(textroom),
    "videocall": videocall,
}


def record(place, kind, number):
    """Record the call of this kind and number. Returns its journal, in the place's folder."""
    plugin = kind.split("-")[0]
    folder = place.folder("journals")
    general = {"string_ids": kind.endswith("-strings")}
    if plugin == "recordplay":
        general["path"] = str(place.folder("media"))
    if plugin == "sip":
        general |= {"local_ip": namespaces.ADDRESS, "register_ttl": 3600}
    with Janus(place, evj.recorder(folder), server_name="gw-demo", plugins=[plugin],
               settings={f"janus.plugin.{plugin}": {"general": general}}) as janus:
        KINDS[kind](janus, number)
        journal = evj.only_journal(folder)
        await_true(lambda: any(evj.is_event(line, 1, name="destroyed") for line in evj.event_lines(journal)),
                   "Janus has told the session's end")
        janus.stop()
    return journal
