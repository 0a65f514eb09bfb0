# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole commands, measured: what the benchmarks of evj's commands share."""

import dataclasses
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile


@dataclasses.dataclass
class Command:
    """A way to do some work, and what each round of it took."""

    name: str
    shell: str
    at_least: int = 0  # evj must be so many times faster than this; 0: to know only
    walls: list[float] = dataclasses.field(default_factory=list)
    cpus: list[float] = dataclasses.field(default_factory=list)
    rss_mib: float = 0

    def run(self, measure, output):
        """Run it once; what it prints goes to the file `output`."""
        with open(output, "wb") as out, tempfile.NamedTemporaryFile("r") as took:
            status = subprocess.call([measure, took.name, "sh", "-c", self.shell],
                                     stdin=subprocess.DEVNULL, stdout=out)
            if status != 0:
                sys.exit(f"exit status {status}: {self.shell}")
            wall_ns, cpu_ns, rss_kib = took.read().split()
        self.walls.append(int(wall_ns) / 1e9)
        self.cpus.append(int(cpu_ns) / 1e9)
        self.rss_mib = max(self.rss_mib, int(rss_kib) / 1024)

    def wall(self):
        return statistics.median(self.walls)

    def cpu(self):
        return statistics.median(self.cpus)


def text_of(command):
    return subprocess.run(["sh", "-c", command], check=True, stdout=subprocess.PIPE, text=True).stdout


@dataclasses.dataclass
class Journal:
    path: pathlib.Path
    events: int
    session: str  # one in the middle
    wall_less_mono: int
    first: int  # mono of its first and last record, µs
    last: int


def make_journal(args, folder, events, seed=6, at_once=None, shorter=1):
    """Of args.generate and args.evj. Calls are so long that a million events come from about a thousand
    sessions, with args.at_once of them at any time. `at_once`: as long, but so many at any time;
    `shorter`: so many times shorter."""
    path = folder / f"{events}-{seed}-{at_once}-{shorter}.evj.gz"
    talk_s = max(217 * events / 1e6 * 50 / args.at_once / shorter, 5)
    at_once = at_once or args.at_once
    text_of(f"'{args.generate}' --seed {seed} -n {events} -s {at_once} -t {talk_s} | "
            f"'{args.evj}' record --stdin -q -o '{path}'")
    lines = text_of(f"zcat '{path}' | sed -n '1,2p; {events + 1}p'").splitlines()
    session = text_of(f"zcat '{path}' | sed -n '{events // 2},$p' | "
                      "grep -m 1 -o '\"session_id\":[0-9]*' | cut -d : -f 2")
    head, first, last = (json.loads(line) for line in lines)
    started = head["journal"]["started"]
    return Journal(path, events, session.strip(), started["wall"] - started["mono"], first["mono"],
                   last["mono"])


def count_sessions(evj, path):
    kinds = (json.loads(line)["kind"] for line in text_of(f"'{evj}' sessions --json '{path}'").splitlines())
    return sum(kind == "session" for kind in kinds)


def print_table(title, heads, rows):
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    print(f"\n{title}")
    for i, row in enumerate([heads, *rows]):
        cells = [cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())
        if i == 0:
            print("-" * (sum(widths) + 2 * len(widths) - 2))
    sys.stdout.flush()


def verdict(args, good):
    """What was made to see that it runs is too small to be judged."""
    if args.quick:
        return ""
    return "reached" if good else "MISSED"
