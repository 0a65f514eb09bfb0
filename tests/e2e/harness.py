# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes, ports, temporary folders and waiting: what every end-to-end test stands on.

A test's folder and everything it starts live inside one `with Place() as place:`. Nothing outlives
it: processes are stopped by their pid when the block ends, and die with this program if it is killed.
"""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.02
LIBC = ctypes.CDLL(None, use_errno=True)


class TimedOut(Exception):
    pass


def await_true(condition, what, timeout=30):
    """Ask until `condition()` is truthy, and return what it gave. No test sleeps for a fixed time."""
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimedOut(f"waited {timeout} s in vain until {what}")
        time.sleep(POLL_SECONDS)


def free_ports(count, kind=socket.SOCK_STREAM):
    """Ports nobody listens on now. Another program may take one before its use: callers try again."""
    sockets = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """A program whose output goes to a log file."""

    def __init__(self, argv, log, env=None, cwd=None):
        self.log_path = pathlib.Path(log)
        self.name = os.path.basename(argv[0])
        with open(log, "wb") as out:
            self.popen = subprocess.Popen(
                [str(arg) for arg in argv], stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, cwd=cwd, preexec_fn=die_with_parent,
                env=dict(os.environ, **(env or {})))

    @property
    def pid(self):
        return self.popen.pid

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    def log_tail(self, lines=25):
        return "\n".join(self.log.splitlines()[-lines:])

    def is_running(self):
        return self.popen.poll() is None

    def stop(self, with_signal=signal.SIGINT, timeout=30):
        """Ask it to end and wait for that. Returns its exit status; negative: killed by that signal."""
        if self.is_running():
            self.popen.send_signal(with_signal)
        try:
            return self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise TimedOut(f"{self.name} did not end {timeout} s after signal {with_signal}:\n"
                           + self.log_tail())

    def end(self):
        """Make sure that it is gone, however the test ended."""
        with contextlib.suppress(TimedOut):
            self.stop(signal.SIGTERM, timeout=10)


class Place:
    """A temporary folder and the processes started in it."""

    def __init__(self, keep=None):
        self.stack = contextlib.ExitStack()
        self.keep = keep

    def __enter__(self):
        signal.signal(signal.SIGTERM, raise_exit)
        self.path = pathlib.Path(self.keep or tempfile.mkdtemp(prefix="evj-e2e-"))
        self.path.mkdir(parents=True, exist_ok=True)
        if not self.keep:
            self.stack.callback(shutil.rmtree, self.path, ignore_errors=True)
        return self

    def __exit__(self, *exception):
        return self.stack.__exit__(*exception)

    def folder(self, name):
        path = self.path / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def start(self, argv, log_name, env=None, cwd=None):
        process = Process(argv, self.path / log_name, env, cwd)
        self.stack.callback(process.end)
        return process


def raise_exit(_signal, _frame):
    """A test runner's SIGTERM must still unwind the `with` blocks that stop the processes."""
    raise SystemExit(1)
