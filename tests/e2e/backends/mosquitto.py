# SPDX-License-Identifier: GPL-3.0-or-later
"""mqttevh's other end: a mosquitto, and a subscriber to all of its topics."""

import shutil
import threading

from backends import Backend, module
from harness import await_true, free_ports, is_listening
from tap import Missing

TOPIC = "/evj/events"


def mosquitto():
    """Path of the broker: Debian puts it where only root's PATH looks."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if not found:
        raise Missing("mosquitto is not installed (Debian package mosquitto)")
    return found


class Mosquitto(Backend):
    name = handler_name = "mqttevh"

    def __init__(self, place):
        super().__init__()
        self.place = place
        self.mqtt = module("paho.mqtt.client", "python3-paho-mqtt")
        self.port = free_ports(1)[0]
        self._start_broker()
        self._subscribe()

    def _start_broker(self):
        config = self.place.path / "mosquitto.conf"
        # The broker drops nothing for want of room: what is lost is then the handler's loss.
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                          "max_queued_messages 0\nmax_inflight_messages 0\n")
        self.broker = self.place.start([mosquitto(), "-c", config], "mosquitto.log")
        await_true(lambda: is_listening(self.port), "mosquitto listens")

    def _subscribe(self):
        subscribed = threading.Event()
        client = self.mqtt.Client(client_id="evj-tests")
        client.on_connect = lambda *_: client.subscribe("#", qos=2)
        client.on_subscribe = lambda *_: subscribed.set()
        client.on_message = self._take_message
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        self.place.stack.callback(client.loop_stop)
        await_true(subscribed.is_set, "mosquitto has taken the subscription")

    def _take_message(self, _client, _userdata, message):
        self.put(message.topic, message.payload, f"qos {message.qos}, retained {message.retain}")

    def of_events(self, messages):
        """mqttevh also says when it comes and goes."""
        return [message for message in messages if not message.topic.endswith("/status")]

    def events(self, messages):
        """Without what mqttevh adds to each."""
        return [{key: value for key, value in event.items() if key != "eventtype"}
                for event in super().events(messages)]

    def settings(self):
        # Room for every event, or Paho drops what comes faster than the broker answers; and it must not
        # wait for answers, or it pauses for a second after each ten.
        return {"url": f"tcp://127.0.0.1:{self.port}", "topic": TOPIC, "client_id": "evj-handler",
                "max_buffered": 100000, "max_inflight": 10000}
