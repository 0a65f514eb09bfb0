# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Janus, Debian's own, on free loopback ports with a configuration of its own."""

import http.client
import itertools
import json
import pathlib
import shutil
import signal

import sanitizers
from harness import TimedOut, await_true, free_ports
from tap import Missing

ADMIN_SECRET = "evj-tests"
LIBRARIES = "/usr/lib/*/janus"
RECORDER_PACKAGE = "janus.eventhandler.journalevh"
STARTS = 3  # tries: a port that was free a moment ago may be taken
START_SECONDS = 20


def bundled(kind, name):
    """Path of one of Janus's own libraries, for example bundled("events", "sampleevh")."""
    found = sorted(pathlib.Path("/").glob(f"{LIBRARIES}/{kind}/libjanus_{name}.so"[1:]))
    if not found:
        raise Missing(f"libjanus_{name}.so is not installed (Debian package janus)")
    return found[0]


def jcfg(settings):
    """Groups of settings as libconfig text. Strings go through JSON's quoting, which libconfig reads."""
    lines = []
    for group, values in settings.items():
        lines.append(f"{group}: {{")
        lines += [f"  {key} = {json.dumps(value)}" for key, value in values.items()]
        lines.append("}")
    return "\n".join(lines) + "\n"


def merged(settings, others):
    """Groups of settings, where those of `others` go before."""
    return {group: {**settings.get(group, {}), **others.get(group, {})} for group in {**settings, **others}}


class ApiError(Exception):
    pass


class Api:
    """Janus's HTTP interface: one request, one answer."""

    transactions = itertools.count(1)

    def __init__(self, port, path, secret=None):
        self.port, self.path, self.secret = port, path, secret

    def get(self, below=""):
        return self._exchange("GET", below, None)

    def post(self, below="", **message):
        message["transaction"] = f"t{next(self.transactions)}"
        if self.secret:
            message["admin_secret"] = self.secret
        answer = self._exchange("POST", below, json.dumps(message))
        if answer.get("janus") == "error":
            raise ApiError(f"{message} was answered {answer['error']}")
        return answer

    def _exchange(self, method, below, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request(method, self.path + below, body)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class Session:
    """A session over the HTTP interface, as a browser without WebSockets would hold it."""

    def __init__(self, api):
        self.api = api
        self.id = api.post(janus="create")["data"]["id"]

    def attach(self, plugin, opaque_id=None):
        message = {"janus": "attach", "plugin": f"janus.plugin.{plugin}"}
        if opaque_id:
            message["opaque_id"] = opaque_id
        return self.api.post(f"/{self.id}", **message)["data"]["id"]

    def message(self, handle, body):
        """Send a plug-in message and wait for its answer (long poll)."""
        self.api.post(f"/{self.id}/{handle}", janus="message", body=body)
        while True:
            answer = self.api.get(f"/{self.id}?maxev=1")
            answer = answer[0] if isinstance(answer, list) else answer
            if answer.get("janus") == "event" and answer.get("sender") == handle:
                break
        # Behind its answer echotest looks at its session once more, to tell event handlers of it, without
        # holding it: a Janus (1.1.2) whose session is destroyed just then crashes. Give it a moment.
        self.api.post(f"/{self.id}", janus="keepalive")
        return answer["plugindata"]["data"]

    def detach(self, handle):
        self.api.post(f"/{self.id}/{handle}", janus="detach")

    def destroy(self):
        self.api.post(f"/{self.id}", janus="destroy")


def program():
    """Path of the server, or Missing."""
    found = shutil.which("janus")
    if not found:
        raise Missing("janus is not installed (Debian package janus)")
    return found


class Janus:
    """A running server. `handlers`: library path → its settings, or None for no configuration file.
    `settings`: of its other files, as file name → group → settings; they go before the usual ones.
    `home`: where its configuration is, for one that shares another's. `plugins`: names of those it has.
    """

    def __init__(self, place, handlers, name="janus", server_name="evj-test", settings=None, environment=None,
                 home=None, plugins=("echotest", "videoroom")):
        self.place, self.name, self.server_name, self.plugins = place, name, server_name, plugins
        self.handlers, self.settings = handlers, settings or {}
        self.environment = sanitizers.preload(self.handlers, environment)
        self.program = program()
        self.home = place.folder(home or name)

    def launch(self):
        """Start it, and do not wait until it is up."""
        self.http_port, self.admin_port, self.ws_port = free_ports(3)
        self.api = Api(self.http_port, "/janus")
        self.admin = Api(self.admin_port, "/admin", ADMIN_SECRET)
        self._configure()
        self.process = self.place.start(
            [self.program, "-F", self.home / "conf"], f"{self.name}.log",
            env=self.environment)

    def __enter__(self):
        for attempt in range(STARTS):
            self.launch()
            try:
                await_true(self._is_ready, "Janus answers on its ports", START_SECONDS)
                return self
            except TimedOut as failure:
                self.process.end()
                if attempt == STARTS - 1:
                    raise TimedOut(f"{failure}\n{self.process.log_tail()}")

    def __exit__(self, *exception):
        self.process.end()

    def _is_ready(self):
        if not self.process.is_running():
            raise TimedOut(f"Janus ended with status {self.process.popen.returncode}")
        if "Couldn't start" in self.log:
            raise TimedOut("Janus could not listen")
        try:
            return self.api.get("/info") and self.admin.post(janus="ping")
        except (OSError, ValueError):
            return False

    def _configure(self):
        conf = self.place.folder(f"{self.home.name}/conf")
        plugins = [bundled("plugins", name) for name in self.plugins]
        transports = [bundled("transports", "http"), bundled("transports", "websockets")]
        folders = {
            "configs_folder": str(conf),
            "plugins_folder": self._link("plugins", plugins),
            "transports_folder": self._link("transports", transports),
            "events_folder": self._link("events", self.handlers),
            "loggers_folder": self._link("loggers", []),
        }
        files = {
            "janus": {
                "general": {**folders, "server_name": self.server_name, "session_timeout": 20,
                            "admin_secret": ADMIN_SECRET, "debug_level": 4, "debug_timestamps": True},
                "nat": {"ignore_mdns": True},
                "events": {"broadcast": True, "stats_period": 1},
            },
            "janus.transport.http": {
                "general": {"http": True, "ip": "127.0.0.1", "port": self.http_port, "https": False},
                "admin": {"admin_http": True, "admin_ip": "127.0.0.1",
                          "admin_port": self.admin_port, "admin_https": False},
            },
            "janus.transport.websockets": {
                "general": {"ws": True, "ws_ip": "127.0.0.1", "ws_port": self.ws_port, "wss": False},
            },
            "janus.plugin.videoroom": {
                "room-1234": {"description": "test room", "publishers": 6, "bitrate": 128000},
            },
        }
        for library, settings in self.handlers.items():
            if settings is not None:
                files[handler_package(library)] = {"general": settings}
        for name in {**files, **self.settings}:
            (conf / f"{name}.jcfg").write_text(jcfg(merged(files.get(name, {}), self.settings.get(name, {}))))

    def _link(self, kind, libraries):
        folder = self.place.folder(f"{self.home.name}/{kind}")
        for library in libraries:
            link = folder / pathlib.Path(library).name
            if not link.is_symlink():
                link.symlink_to(library)
        return str(folder)

    @property
    def ws_url(self):
        return f"ws://127.0.0.1:{self.ws_port}"

    @property
    def log(self):
        return self.process.log

    def session(self):
        return Session(self.api)

    def custom_event(self, schema, data):
        """An event of the application, by the Admin API: the acknowledged kind."""
        self.admin.post(janus="custom_event", schema=schema, data=data)

    def handler_status(self, package=RECORDER_PACKAGE, **request):
        return self.admin.post(janus="query_eventhandler", handler=package,
                               request=request or {"request": "status"})["response"]

    def stop(self, with_signal=signal.SIGINT):
        return self.process.stop(with_signal)


def handler_package(library):
    """libjanus_sampleevh.so → janus.eventhandler.sampleevh, by Janus's own convention."""
    name = pathlib.Path(library).name.removeprefix("libjanus_").removesuffix(".so")
    return f"janus.eventhandler.{name}"
