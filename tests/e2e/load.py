# SPDX-License-Identifier: GPL-3.0-or-later
"""A Janus under load: several clients at once, whose requests make it emit events."""

import http.client
import json
import random
import threading

from janus import Api, ApiError, Session

GONE = (OSError, ValueError, http.client.HTTPException)  # what a client sees of a server that ended


class KeptApi(Api):
    """Janus's HTTP interface over one connection."""

    def __init__(self, api):
        super().__init__(api.port, api.path, api.secret)
        self.connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=40)

    def _exchange(self, method, below, body):
        self.connection.request(method, self.path + below, body)
        return json.loads(self.connection.getresponse().read())


class Client(threading.Thread):
    """Does the same thing again and again, until it is told to stop or the server is gone."""

    def __init__(self, api, seed, pause):
        super().__init__(daemon=True)
        self.api, self.rng, self.pause = KeptApi(api), random.Random(seed), pause
        self.done = 0
        self.failure = None
        self.stopping = threading.Event()

    def run(self):
        try:
            while not self.stopping.wait(self.pause * self.rng.random()):
                self.once()
                self.done += 1
        except GONE:
            return
        except ApiError as failure:
            self.failure = failure
        finally:
            self.api.connection.close()


class EventClient(Client):
    """Custom events with a number, of many sizes, which do not compress well."""

    def once(self):
        noise = self.rng.randbytes(self.rng.randrange(1500)).hex()
        self.api.post(janus="custom_event", schema="evj.load", data={"number": self.done, "noise": noise})


class SessionClient(Client):
    """Sessions that come and go; some are left to Janus's time-out. No messages to the plug-in: see
    Session.message()."""

    def once(self):
        session = Session(self.api)
        handle = session.attach("echotest", f"caller-{self.done}")
        self.api.post(f"/{session.id}", janus="keepalive")
        session.detach(handle)
        if self.rng.random() < 0.9:
            session.destroy()


class Load:
    """`pause`: seconds, at most, between two requests of one client."""

    def __init__(self, janus, seed, event_clients=4, session_clients=2, pause=0):
        self.clients = [EventClient(janus.admin, f"{seed} events {n}", pause) for n in range(event_clients)]
        self.clients += [SessionClient(janus.api, f"{seed} sessions {n}", pause)
                         for n in range(session_clients)]

    def __enter__(self):
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *exception):
        for client in self.clients:
            client.stopping.set()
        for client in self.clients:
            client.join()

    @property
    def failures(self):
        return [client.failure for client in self.clients if client.failure]
