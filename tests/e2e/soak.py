#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorder in production, for some minutes: does all that was offered add up, and does nothing grow?

    soak.py MINUTES [SEED]

A real Janus under session churn and custom events, whose recording goes on in another file every few seconds, with a
small keep_size and a small disk that fills and empties. Its first run is a long one, whose memory is measured; then
it is killed, crashed, or stopped again and again. After each run, with the server gone, evj must read what was offered
(witness.c tells): as events, or in gaps that tell exactly what they lack; or else retention has deleted it, in whole
files, the oldest first. All this holds at any speed of the machine: nothing here waits for a clock but the end.
"""

import random
import re
import resource
import signal
import statistics
import sys
import time

import evj
import namespaces
import witness
from harness import Place
from janus import Janus
from load import Load
from tap import Faults, Tap

ISOLATED = namespaces.enter("mounts")

MIB = 1 << 20
DISK, KEEP, ROTATE, FLOOR = 24 * MIB, 8 * MIB, MIB, 2 * MIB  # bytes
KEEP_SLACK = 4 * MIB  # the open file: a full disk may have kept it from being followed by the next for 5 s
LONG_PART = 0.6  # of the time is the first run's
SHORT_SECONDS = (4, 15)
PAUSE = 0.02  # so that a client leaves the processor to others
KILLS = [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT]

# How memory is judged: when the run is warm (all buffers were used once, and Janus's own pools are as large as they
# get), the rest of it is cut into windows of equal length, and each stands for the median of its samples. A leak
# grows from each window to the next. Janus's allocator takes a step now and then, and keeps it: that is one window.
WARM_UP, WINDOWS = 0.25, 8
GROWTH_KIB, STEPS_KIB = 256, 8192  # from window to window in the median, and all together
TELLING_SECONDS = 100  # a run that is shorter is over before it is warm


class SmallDisk:
    """A file system of its own, which something else fills."""

    what = f"a disk of {DISK // MIB} MiB is filled and emptied"

    def __init__(self, place):
        self.folder = namespaces.mount(place, "journals", f"size={DISK}")
        self.ballast = self.folder / "ballast"

    def fill(self, _janus):
        """Also what retention makes room for is taken at once, each time that this is called."""
        with open(self.ballast, "ab", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(65536))
            except OSError:
                return

    def empty(self, _janus):
        self.ballast.unlink(missing_ok=True)


class FloorInstead:
    """Where mounting is not permitted: the recorder is told that more must stay free than there is."""

    what = "mounting is not permitted here: disk_floor is raised above all there is, and lowered again, instead"

    def __init__(self, place):
        self.folder = place.folder("journals")
        self.full = False

    def fill(self, janus):
        if not self.full:
            janus.handler_status(request="tweak", disk_floor="1000T")
        self.full = True

    def empty(self, janus):
        if self.full and janus:
            janus.handler_status(request="tweak", disk_floor=FLOOR)
        self.full = False


class Memory:
    """The resident memory of a process, in KiB, over its time."""

    def __init__(self):
        self.samples = []

    def sample(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            found = [int(line.split()[1]) for line in status if line.startswith("VmRSS:")]
        self.samples += found

    def windows(self):
        warm = self.samples[int(len(self.samples) * WARM_UP):]
        size = len(warm) // WINDOWS
        return [statistics.median(warm[n * size:(n + 1) * size]) for n in range(WINDOWS)] if size else []


class Run:
    """One server, from its start to its end."""

    def __init__(self, soak, number, seconds, ending):
        self.soak, self.number, self.seconds, self.ending = soak, number, seconds, ending
        self.rng = random.Random(f"{soak.seed} run {number}")
        self.witness = witness.Witness(soak.place, f"run{number}")
        self.memory = Memory()
        self.full_since = None  # what was dropped then

    def settings(self):
        return {"buffer": "512K", "flush_interval": 0.2, "rotate_interval": "3s", "rotate_size": ROTATE,
                "keep_size": KEEP, "disk_floor": FLOOR if self.number == 1 or self.rng.random() < 0.5 else 0}

    def check(self, holds, claim, detail):
        self.soak.faults.check(holds, claim, lambda: f"run {self.number}, ended by {self.ending.name}: "
                               + (detail() if callable(detail) else str(detail)))

    def go(self, left):
        """`left`: the run whose last journal is to be completed now, or None."""
        there = set(evj.journals(self.soak.disk.folder))
        with self.soak.janus(self.witness, **self.settings()) as janus:
            if left:
                left.check_completed(janus)
            began = time.monotonic()
            with Load(janus, f"{self.soak.seed} run {self.number}", pause=PAUSE) as load:
                self.live(janus, began + self.seconds)
                self.check(not load.failures, "all requests are granted", load.failures)
                status = janus.stop(self.ending)
            self.lasted = time.monotonic() - began
            self.check(status == (0 if self.ending == signal.SIGINT else -self.ending), "a server ends as it is told to",
                       f"{status}: {janus.process.log_tail()}")
        self.journals = [path for path in evj.journals(self.soak.disk.folder) if path not in there]
        self.settle()
        self.soak.disk.empty(None)

    def live(self, janus, until):
        self.fill_at = time.monotonic() + self.rng.uniform(2, 10)
        while time.monotonic() < until and janus.process.is_running():
            self.memory.sample(janus.process.pid)
            self.move_disk(janus)
            kept = sum(path.stat().st_size for path in self.present())
            self.check(kept <= KEEP + KEEP_SLACK, "keep_size is kept to", f"{kept} bytes")
            self.soak.progress(self)
            time.sleep(0.5)

    def present(self):
        """Journals; one may be deleted between two looks."""
        return [path for path in evj.journals(self.soak.disk.folder) if path.exists()]

    def move_disk(self, janus):
        """Full for as long as it takes to lose events, and a little longer; then there is room for a while."""
        now = time.monotonic()
        if self.full_since is None and now < self.fill_at:
            return
        dropped = janus.handler_status()["dropped"]
        if self.full_since is None:
            self.full_since, self.empty_at = dropped, now + self.rng.uniform(1, 8)
        if dropped == self.full_since or now < self.empty_at:
            self.soak.disk.fill(janus)
            return
        self.soak.disk.empty(janus)
        self.full_since = None
        self.fill_at = now + self.rng.uniform(8, 20)

    # ---- the account, with the server gone ----

    def settle(self):
        notes = self.witness.notes()
        reading = witness.Reading(*self.journals)
        self.offered, self.recorded, self.in_gaps = len(notes), len(reading.events), reading.in_gaps
        self.deleted, self.gaps, self.files = reading.first or 0, len(reading.gaps), len(self.journals)
        self.open = "end" not in evj.last_line(self.journals[-1])
        # A server that was killed may have had no time to note the last one.
        unnoted = reading.invents(notes)
        self.check(self.deleted + self.recorded + self.in_gaps == self.offered + unnoted
                   and unnoted <= (self.ending != signal.SIGINT),
                   "events offered = events recorded + events in gaps + events in files that retention deleted", self.row)
        self.check(not reading.alters(notes), "each event is what Janus gave", lambda: reading.alters(notes)[:9])
        self.check(not reading.disorder, "none is there twice, or out of order", lambda: reading.disorder[:3])
        self.check(not reading.miscounts(notes), "each gap tells to the byte what it lacks", lambda: reading.miscounts(notes)[:3])
        self.check(reading.status == 0 and not reading.complaints, "all is read at once, without a repair",
                   f"{reading.status}: {reading.said}")
        header = evj.first_line(self.journals[0])
        self.check((self.deleted > 0) == ("previous" in header), "what was deleted are whole files, the oldest", header)

    def check_completed(self, janus):
        words = re.escape(self.journals[-1].name) + " was never closed.*It is complete now"
        self.check(re.search(words, janus.log), "the next start completes what was left, and says so", janus.process.log_tail)

    def row(self):
        return (f"{self.number:4}  {self.ending.name:8} {self.lasted:7.0f} s {self.offered:9} {self.recorded:9} "
                f"{self.in_gaps:8} {self.deleted:9} {self.gaps:5} {self.files:6}")


HEADINGS = " run  ended by  lasted   offered  recorded  in gaps   deleted  gaps  files"


class Soak:
    """All runs, in one folder."""

    def __init__(self, place, minutes, seed):
        self.place, self.seed, self.rng = place, seed, random.Random(seed)
        self.faults, self.runs = Faults(), []
        self.spools = place.folder("spool")
        self.disk = SmallDisk(place) if ISOLATED else FloorInstead(place)
        self.began = self.told = time.monotonic()
        self.ends = self.began + 60 * minutes
        print(self.disk.what, flush=True)

    def janus(self, its_witness, **settings):
        """Always of one name and one configuration: so all journals are one recorder's, for retention."""
        handlers = witness.recorder(self.disk.folder, spool_folder=str(self.spools), **settings)
        return Janus(self.place, handlers, environment=its_witness.environment, settings={"janus": {"general": {"debug_level": 3}}})

    def go(self):
        left = None
        while time.monotonic() < self.ends - (SHORT_SECONDS[0] if self.runs else 0):
            run = self.next_run()
            run.go(left)
            self.runs.append(run)
            left = run if run.open else None
        self.check_last(left)

    def next_run(self):
        room = self.ends - time.monotonic()
        if not self.runs:
            return Run(self, 1, room * LONG_PART, signal.SIGINT)
        seconds = min(room, self.rng.uniform(*SHORT_SECONDS))
        return Run(self, len(self.runs) + 1, seconds, self.rng.choice(KILLS + [signal.SIGINT]))

    def progress(self, run):
        now = time.monotonic()
        if now < self.told + 10:
            return
        self.told = now
        journals = run.present()
        kept = sum(path.stat().st_size for path in journals)
        print(f"{now - self.began:5.0f} s  run {run.number}: {run.witness.count()} events, {len(journals)} files of "
              f"{kept / MIB:.1f} MiB, memory {run.memory.samples[-1] / 1024:.1f} MiB"
              f"{', the disk is full' if run.full_since is not None else ''}", flush=True)

    def check_last(self, left):
        """One more start and stop, in peace: then everything is closed."""
        with self.janus(witness.Witness(self.place, "last")) as janus:
            if left:
                left.check_completed(janus)
            janus.stop()
        verified = evj.run("verify", self.disk.folder, status=None)
        self.faults.check(verified.returncode == 0, "in the end evj verify finds every file sound",
                          (verified.stdout + verified.stderr).decode())
        ends = [path.name for path in evj.journals(self.disk.folder) if "end" not in evj.last_line(path)]
        self.faults.check(not ends, "in the end every file is closed", ends)
        spools = [path.name for path in self.spools.iterdir()]
        self.faults.check(not spools, "in the end no spool is left", spools)

    def check_memory(self, tap):
        claim = f"the memory of Janus is flat: it grows by at most {GROWTH_KIB} KiB from window to window, in the median"
        windows = self.runs[0].memory.windows()
        if self.runs[0].lasted < TELLING_SECONDS:
            tap.skip(claim, f"that takes a first run of {TELLING_SECONDS} s at least")
            return
        steps = [after - before for before, after in zip(windows, windows[1:])]
        print("memory (KiB), window by window: " + " ".join(f"{window:.0f}" for window in windows))
        tap.ok(statistics.median(steps) <= GROWTH_KIB and windows[-1] - windows[0] <= STEPS_KIB, claim, steps)

    def tell(self, tap):
        print(HEADINGS)
        for run in self.runs:
            print(run.row())
        self.check_memory(tap)
        self.faults.check(self.runs[0].in_gaps > 0 and self.runs[0].deleted > 0,
                          "the disk was full for so long that events were lost, and retention deleted files", self.runs[0].row)
        self.faults.tell(tap, f"{len(self.runs)} runs")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    minutes = float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(f"seed {seed}", flush=True)
    tap = Tap()

    def soak(tap):
        with Place() as place:
            all_runs = Soak(place, minutes, seed)
            all_runs.go()
            all_runs.tell(tap)

    tap.run(soak)
    tap.done()


if __name__ == "__main__":
    main()
