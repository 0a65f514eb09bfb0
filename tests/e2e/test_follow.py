#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`evj cat --follow` and `evj verify` on a journal that Janus is writing."""

import json
import signal
import subprocess
import threading
import time

import evj
from calls import custom_events, one_call
from harness import Place, await_true, die_with_parent
from janus import Janus
from tap import Tap


class Follower:
    """A running `evj cat --follow`: its lines, and how long after its recording each one came."""

    def __init__(self, place, *arguments):
        self.lines, self.late_us = [], []
        self.process = subprocess.Popen(
            [evj.EVJ, "cat", "--follow", "--format", "record", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
        place.stack.callback(self.process.kill)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            now_us = time.monotonic_ns() // 1000
            record = json.loads(line)
            self.lines.append(line.rstrip("\n"))
            if "event" in record:
                self.late_us.append(now_us - record["mono"])

    def numbers(self):
        events = [json.loads(line).get("event", {}) for line in list(self.lines)]
        return [event["event"]["data"]["number"] for event in events if event.get("type") == 4]

    def end(self):
        """Wait until it ends by itself. Returns its exit status and what it said."""
        said = self.process.stderr.read()
        self.reader.join()
        return self.process.wait(30), said


def recording(place, folder, **settings):
    return Janus(place, evj.recorder(folder, spool_folder=str(place.folder("spool")), **settings))


def each_event_is_printed_while_janus_runs(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder, flush_interval=0.05) as janus:
            journal = evj.only_journal(folder)
            follower = Follower(place, folder)
            for first in range(0, 100, 10):
                custom_events(janus, 10, first=first)
                await_true(lambda: len(follower.numbers()) == first + 10, "ten more events are printed")
            one_call(janus)
            janus.stop()
        status, said = follower.end()
        tap.equal(status, 0, "following ends when Janus stops")
        tap.equal(follower.numbers(), list(range(100)), "each event was printed once, in order")
        whole = evj.run("cat", "--format", "record", journal).stdout.decode().splitlines()
        tap.equal(follower.lines, whole, "it has printed what is in the file now")
        late = sorted(follower.late_us[10:])
        tap.note(f"printed after its recording: median {late[len(late) // 2] / 1000:.1f} ms, "
                 f"95 % within {late[len(late) * 95 // 100] / 1000:.1f} ms, at most {late[-1] / 1000:.1f} ms")
        tap.equal(said, "", "and has nothing to say")


def following_ends_when_janus_is_killed(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder, flush_interval=3600) as janus:
            follower = Follower(place, evj.only_journal(folder))
            custom_events(janus, 20)
            await_true(lambda: len(follower.numbers()) == 20, "all events are printed")
            janus.stop(signal.SIGKILL)
        status, said = follower.end()
        tap.equal(status, 0, "following ends")
        tap.ok("its recorder died" in said, "and says why", said)
        tap.equal(follower.numbers(), list(range(20)), "with every event")


def a_journal_that_is_being_written_is_no_damaged_one(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder, flush_interval=0.01) as janus:
            journal = evj.only_journal(folder)
            stop = threading.Event()
            sender = threading.Thread(target=send_until, args=(janus, stop), daemon=True)
            sender.start()
            verdicts = [evj.run("verify", journal, status=None) for _ in range(60)]
            stop.set()
            sender.join()
            janus.stop()
        wrong = [each.stdout.decode() + each.stderr.decode() for each in verdicts if each.returncode != 0]
        tap.equal(wrong, [], "evj verify finds no damage in it, sixty times over")
        tap.equal(evj.run("verify", journal).returncode, 0, "nor when it is closed")


def send_until(janus, stop):
    number = 0
    while not stop.is_set():
        custom_events(janus, 1, first=number)
        number += 1


if __name__ == "__main__":
    follow_tap = Tap()
    follow_tap.run(each_event_is_printed_while_janus_runs, following_ends_when_janus_is_killed,
                   a_journal_that_is_being_written_is_no_damaged_one)
    follow_tap.done()
