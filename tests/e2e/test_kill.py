#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Janus that is killed at any moment: nothing of what it had handed over is lost.

    test_kill.py [KILLS [SEED]]

Each life of the server is ended by a signal that leaves it no time (SIGKILL, SIGSEGV, SIGABRT): under load, half
of them just when a next file appears in the folder, so that they fall into the turn from file to file; and some while
it starts, and completes what the life before left. Then and there evj must read each event whose incoming_event()
had returned: witness.c tells which those are. The seed decides on settings, loads, signals and moments; what the
threads are at in that moment is chance.
"""

import ctypes
import os
import random
import re
import resource
import select
import signal
import sys
import time

import evj
import witness
from harness import LIBC, Place, TimedOut, await_true
from janus import Janus
from load import Load
from tap import Faults, Tap

KILLS = 20
SIGNALS = [signal.SIGKILL] * 3 + [signal.SIGSEGV, signal.SIGABRT]
IN_CREATE_OR_MOVED_TO = 0x100 | 0x80

# A part of the lives, and how long they last: these are moments that are chosen, and nothing is awaited.
KILLED_AT_START, START_SECONDS = 0.2, 0.3
KILLED_BY_FILE, MOST_FILES, TURN_SECONDS = 0.6, 5, 0.002
LOAD_SECONDS = 0.8


class Watch:
    """Tells at once when a file appears in a folder."""

    def __init__(self, folder):
        self.fd = LIBC.inotify_init1(os.O_CLOEXEC)
        if self.fd < 0 or LIBC.inotify_add_watch(self.fd, os.fsencode(folder), IN_CREATE_OR_MOVED_TO) < 0:
            raise OSError(ctypes.get_errno(), "cannot watch a folder")

    def await_files(self, count, timeout=60):
        while count > 0:
            if not select.select([self.fd], [], [], timeout)[0]:
                raise TimedOut(f"waited {timeout} s in vain until another file appears")
            count -= os.read(self.fd, 65536).count(b".evj.gz")

    def close(self):
        os.close(self.fd)


class Life:
    """One server from its start to its end, in a folder with what those before it left."""

    def __init__(self, place, number, seed, faults):
        self.place, self.number, self.faults = place, number, faults
        self.seed = f"{seed} life {number}"
        self.rng = random.Random(self.seed)
        self.signal = self.rng.choice(SIGNALS)
        self.folder, self.spools = place.folder("journals"), place.folder("spool")
        self.witness = witness.Witness(place, f"life{number}")
        handlers = witness.recorder(self.folder, **self.settings())
        self.janus = Janus(place, handlers, name=f"janus{number}", environment=self.witness.environment)

    def settings(self):
        return {"spool_folder": str(self.spools), "buffer": "16M", "rotate_size": "64K",
                "flush_interval": self.rng.choice([0.01, 0.05, 3600]), "sync": self.rng.choice(["none", "block"]),
                "state": self.rng.choice(["none", "full"])}

    def check(self, holds, claim, detail):
        self.faults.check(holds, claim, lambda: f"life {self.number}, ended by {self.signal.name}: "
                          + (detail() if callable(detail) else str(detail)))

    def run(self, left):
        """Until it is killed. `left`: lives whose journals wait to be completed. Returns those that do then."""
        there = set(evj.journals(self.folder))
        at_start = self.rng.random() < KILLED_AT_START
        if at_start:
            self.die_at_start()
        else:
            self.die_under_load(left)
        self.journals = [path for path in evj.journals(self.folder) if path not in there]
        self.read()
        if at_start:
            return left + [self]
        for life in left:
            life.delete()
        return [self]

    def die_at_start(self):
        self.janus.launch()
        time.sleep(self.rng.uniform(0, START_SECONDS))
        self.kill()

    def die_under_load(self, left):
        with self.janus:
            check_completed(left, self.janus)
            watch = Watch(self.folder)
            with Load(self.janus, self.seed):
                self.await_moment(watch)
                self.kill()
            watch.close()

    def await_moment(self, watch):
        await_true(lambda: self.witness.count() > 0 or not self.janus.process.is_running(), "an event is recorded")
        if self.rng.random() < KILLED_BY_FILE:
            watch.await_files(self.rng.randint(1, MOST_FILES))
            time.sleep(max(0, self.rng.uniform(-TURN_SECONDS, TURN_SECONDS)))
        else:
            time.sleep(self.rng.uniform(0, LOAD_SECONDS))

    def kill(self):
        status = self.janus.stop(self.signal)
        # AddressSanitizer makes an abort of a segmentation fault.
        self.check(status in (-self.signal, -signal.SIGABRT), "it is a signal that ends the server",
                   f"it ended with {status}: {self.janus.process.log_tail()}")

    # ---- at once, as it lies there ----

    def read(self):
        self.notes = self.witness.notes()
        self.reading = reading = witness.Reading(*self.journals)
        self.turning = sum("end" not in evj.last_line(path) for path in self.journals) > 1
        self.check(reading.status == 0 and not reading.complaints,
                   "all is read at once, with nothing to say but that it was not closed", f"{reading.status}: {reading.said}")
        self.check(not reading.lacks(self.notes) and not reading.gaps and reading.first in (0, None),
                   "each event whose incoming_event() had returned is there at once",
                   f"of {len(self.notes)} events, {reading.first} to {reading.next} are there, with gaps {reading.gaps}")
        altered = reading.alters(self.notes)
        self.check(not altered, "each is what Janus gave", f"seq {altered[:9]}")
        self.check(not reading.disorder and reading.invents(self.notes) <= 1, "none is there twice, or out of order",
                   f"{reading.disorder[:3]}; {reading.invents(self.notes)} more than were noted")

    # ---- after the next start ----

    def check_completed(self):
        again = witness.Reading(*self.journals)
        self.check(again.events == self.reading.events, "the next start changes no event",
                   f"{len(again.events)} events, {len(self.reading.events)} before")
        verified = evj.run("verify", *self.journals, status=None)
        self.check(verified.returncode == 0, "evj verify finds every file sound after that",
                   lambda: (verified.stdout + verified.stderr).decode())
        ends = [evj.last_line(path).get("end", {}).get("reason") for path in self.journals]
        self.check(ends[-1] == "crash" and set(ends) <= {"rotate", "crash"}, "every file has its end after that", ends)

    def check_told(self, janus):
        words = re.escape(self.journals[-1].name) + " was never closed.*It is complete now"
        said = "\n".join(line for line in janus.log.splitlines() if "journalevh]" in line)
        self.check(re.search(words, said), "the next start completes the journal and says so", said)

    def delete(self):
        for path in self.journals:
            path.unlink()


def check_completed(lives, janus):
    """A server has started in the folder of these lives."""
    with_journals = [life for life in lives if life.journals]
    if len(lives) == 1 and with_journals:  # what a server says is lost when it is killed a moment later
        lives[0].check_told(janus)
    for life in with_journals:
        life.check_completed()
    for life in lives:
        spools = [path.name for path in life.spools.iterdir()]
        life.check(len(spools) == 1, "no spool is left but that of the server that runs", spools)


def killed_at_any_moment_a_server_loses_nothing(tap, kills, seed):
    faults, lives, left = Faults(), [], []
    with Place() as place:
        for number in range(kills):
            lives.append(Life(place, number, seed, faults))
            left = lives[-1].run(left)
        last = evj.recorder(place.folder("journals"), spool_folder=str(place.folder("spool")))
        with Janus(place, last, name="janus-last") as janus:
            check_completed(left, janus)
            janus.stop()
    tap.note(f"{sum(len(life.notes) for life in lives)} events in {sum(len(life.journals) for life in lives)} files; "
             f"{sum(life.turning for life in lives)} kills fell between two files, "
             f"{sum(not life.notes for life in lives)} before the first event")
    faults.tell(tap, f"{kills} kills")


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setswitchinterval(0.0001)  # or the clients would keep this thread from its moment
    tap = Tap()
    tap.note(f"seed {seed}")

    def killed_at_any_moment(tap):
        killed_at_any_moment_a_server_loses_nothing(tap, kills, seed)

    tap.run(killed_at_any_moment)
    tap.done()


if __name__ == "__main__":
    main()
