# SPDX-License-Identifier: GPL-3.0-or-later
"""rabbitmqevh's other end: a RabbitMQ node of its own, and a consumer on a queue of its exchange."""

import os
import pathlib
import signal
import socket
import threading

from backends import Backend, module
from harness import await_true, free_ports, is_listening
from tap import Missing

SERVER = pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # Debian's wrapper insists on a user
EXCHANGE, QUEUE, ROUTE = "evj-events", "evj-tests", "janus.events"
STARTS = 60  # seconds it may take


class RabbitMq(Backend):
    name = handler_name = "rabbitmqevh"
    otherwise = {"grouping": True}

    def __init__(self, place):
        super().__init__()
        if not SERVER.is_file():
            raise Missing("RabbitMQ is not installed (Debian package rabbitmq-server)")
        self.pika = module("pika", "python3-pika")
        self.place = place
        self._start_node()
        self._start_consumer()

    def _start_node(self):
        self.port, dist_port, epmd_port = free_ports(3)
        home = self.place.folder("rabbitmq")
        (home / "plugins").write_text("[].\n")
        epmd = {"ERL_EPMD_PORT": str(epmd_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        # A port mapper of our own: the node would start one that outlives it.
        self.place.start(["epmd", "-port", str(epmd_port), "-address", "127.0.0.1"], "epmd.log")
        await_true(lambda: is_listening(epmd_port), "epmd listens")
        self.node = self.place.start([SERVER], "rabbitmq.log", env={
            **epmd, "HOME": str(home), "RABBITMQ_NODENAME": f"evj{os.getpid()}@localhost",
            "RABBITMQ_MNESIA_BASE": str(home / "mnesia"), "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(home / "no-env.conf"), "RABBITMQ_CONFIG_FILE": str(home / "no-config"),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(dist_port), "RUNNING_UNDER_SYSTEMD": "1",  # the script execs the node
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"})
        await_true(lambda: is_listening(self.port) or not self.node.is_running(), "RabbitMQ listens", STARTS)
        if not self.node.is_running():
            raise RuntimeError(f"RabbitMQ ended:\n{self.node.log_tail()}")

    def _start_consumer(self):
        consuming, self.stopping = threading.Event(), threading.Event()
        thread = threading.Thread(target=self._consume, args=(consuming,), daemon=True)
        thread.start()
        self.place.stack.callback(thread.join)
        self.place.stack.callback(self.stopping.set)
        await_true(consuming.is_set, "the queue is bound to the exchange")

    def _consume(self, consuming):
        connection = self.pika.BlockingConnection(
            self.pika.ConnectionParameters("127.0.0.1", self.port, heartbeat=0))
        channel = connection.channel()
        # As rabbitmqevh declares it, which comes later.
        channel.exchange_declare(EXCHANGE, exchange_type="topic")
        channel.queue_declare(QUEUE, exclusive=True)
        channel.queue_bind(QUEUE, EXCHANGE, routing_key="#")
        consuming.set()
        for method, properties, body in channel.consume(QUEUE, auto_ack=True, inactivity_timeout=0.1):
            if body is not None:
                self.put(method.routing_key, body, f"{method.exchange}, {properties.content_type}, "
                                                   f"delivery {properties.delivery_mode}")
            if self.stopping.is_set():
                break
        connection.close()

    def settings(self):
        return {"host": "127.0.0.1", "port": self.port, "exchange": EXCHANGE, "exchange_type": "topic",
                "route_key": ROUTE}
