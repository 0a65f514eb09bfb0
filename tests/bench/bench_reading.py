#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a journal is read, against what one would do without evj: zcat, grep and jq.

    bench_reading.py --evj EVJ --generate EVJ_GENERATE --measure MEASURED_RUN [--other EVJ]… [--quick]

Makes the journal of a server with some dozens of calls at any time, then runs whole commands in
turn, round by round, each from its start to its exit. What the two sides print is compared each
time: a wrong answer is no faster one. The memory of a command is the largest resident set of any of
its processes.
"""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable

from commands import Command, count_sessions, make_journal, print_table, text_of, verdict

SLOW_S = 8  # what takes longer is run in --slow-rounds rounds only
MEMORY_MIB = 64
SMALLER = 10  # memory is also measured on a journal of so many times fewer events

# Id, events and length in µs of each session: the fastest of several ways to say it in jq 1.6, and
# what is faster still.
JQ_SESSIONS = r"""
reduce inputs as $r ({}; if $r.event.session_id then .[$r.event.session_id | tostring] |=
  [.[0] + 1, .[1] // $r.mono, $r.mono] else . end)
| to_entries[] | "\(.key) \(.value[0]) \(.value[2] - .value[1])"
"""
JQ_MONOS = r'select(.event.session_id) | "\(.event.session_id) \(.mono)"'
AWK_SESSIONS = """
{ events[$1]++; if (!($1 in first)) first[$1] = $2; last[$1] = $2 }
END { for (id in events) printf "%s %d %.0f\\n", id, events[id], last[id] - first[id] }
"""


@dataclasses.dataclass
class Contest:
    work: str
    ours: Command
    rivals: list[Command]
    # Is what is in these two files the same? None: all goes to /dev/null.
    same: Callable | None = None


# ---- a stretch of time ----


def hundredth(journal):
    """From and to of a hundredth of its time, in the middle: mono."""
    length = (journal.last - journal.first) // 100
    begin = (journal.first + journal.last - length) // 2
    return begin, begin + length


def utc(journal, mono):
    since_1970 = datetime.timedelta(microseconds=mono + journal.wall_less_mono)
    return (datetime.datetime(1970, 1, 1) + since_1970).isoformat(timespec="microseconds") + "Z"


# ---- what must be the same ----


def same_records(ours, theirs):
    """Line by line, so that this script stays small; jq may say the same JSON in other words."""
    with open(ours, "rb") as a, open(theirs, "rb") as b:
        for left in a:
            right = b.readline()
            if left != right and (not right or json.loads(left) != json.loads(right)):
                return False
        return not b.readline()


def sessions_of(path):
    """What evj told, as JQ_SESSIONS prints it."""
    with open(path, "rb") as lines:
        told = (json.loads(line) for line in lines)
        return sorted(f"{line['session_id']} {line['events']} {line['duration_us']}" for line in told
                      if line["kind"] == "session")


def same_sessions(ours, theirs):
    return sessions_of(ours) == sorted(pathlib.Path(theirs).read_text("utf-8").splitlines())


def check_all_records(args, journal):
    """What goes to /dev/null while it is measured: evj leaves out the first and the last line."""
    ours = text_of(f"'{args.evj}' cat --format record '{journal.path}' | cksum")
    theirs = text_of(f"zcat '{journal.path}' | sed '1d; $d' | cksum")
    if ours != theirs:
        sys.exit("bench_reading: evj cat and zcat print different records")


# ---- the contests ----


def whole_file(evj, path):
    rivals = [Command("zcat", f"zcat '{path}'", at_least=5)]
    rivals += [Command(f"{name} -dc", f"{name} -dc '{path}'") for name in ("pigz", "igzip")
               if shutil.which(name)]
    return Contest("all records", Command("cat", f"'{evj}' cat --format record '{path}'"), rivals)


def one_session(evj, path, session):
    rivals = [Command("zcat | grep -F", f"zcat '{path}' | grep -F {session}", at_least=20)]
    if shutil.which("jq"):
        program = f"select(.event.session_id == {session})"
        rivals.append(Command("zcat | jq", f"zcat '{path}' | jq -c '{program}'", at_least=100))
    ours = Command("cat --session", f"'{evj}' cat --format record --session {session} '{path}'")
    return Contest("one session", ours, rivals, same_records)


def hundredth_of_time(evj, journal):
    begin, end = hundredth(journal)
    path, rivals = journal.path, []
    if shutil.which("jq"):
        program = f"select(.mono >= {begin} and .mono <= {end})"
        rivals = [Command("zcat | jq", f"zcat '{path}' | jq -c '{program}'", at_least=200)]
    span = f"--from {utc(journal, begin)} --to {utc(journal, end)}"
    ours = Command("cat --from", f"'{evj}' cat --format record {span} '{path}'")
    return Contest("1 % of the time", ours, rivals, same_records)


def all_sessions(evj, path):
    rivals = []
    if shutil.which("jq"):
        rivals = [Command("zcat | jq", f"zcat '{path}' | jq -nr '{JQ_SESSIONS}'", at_least=20),
                  Command("zcat | jq | awk", f"zcat '{path}' | jq -r '{JQ_MONOS}' | awk '{AWK_SESSIONS}'",
                          at_least=20)]
    ours = Command("sessions", f"'{evj}' sessions --json '{path}'")
    return Contest("sessions", ours, rivals, same_sessions)


def header_hop(evj, path):
    return Contest("info", Command("info", f"'{evj}' info '{path}'"), [Command("zcat", f"zcat '{path}'")])


def contests_of(evj, journal):
    path = journal.path
    return [whole_file(evj, path), one_session(evj, path, journal.session), hundredth_of_time(evj, journal),
            all_sessions(evj, path), header_hop(evj, path)]


def add_others(contests, args, journal):
    """Another evj does the same work: one built with zlib, or an older one."""
    for other in args.other:
        for contest, twin in zip(contests, contests_of(other, journal)):
            contest.rivals.append(Command(f"by {other}", twin.ours.shell))


def is_same(contest, rival, ours, theirs):
    twin = rival.name.startswith("by ")
    return contest.same is None or (same_records if twin else contest.same)(ours, theirs)


def is_slow(command):
    return bool(command.walls) and command.walls[0] > SLOW_S


def run_contest(contest, args, folder):
    ours = theirs = os.devnull
    if contest.same is not None:
        ours, theirs = folder / "ours", folder / "theirs"
    contest.ours.run(args.measure, ours)
    for rival in contest.rivals:
        if is_slow(rival) and len(rival.walls) >= args.slow_rounds:
            continue
        rival.run(args.measure, theirs)
        if not is_same(contest, rival, ours, theirs):
            sys.exit(f"bench_reading: not the same: {contest.ours.shell}\n  {rival.shell}")


# ---- tables ----


def print_speed(contests, journal, args):
    heads = ["work", "evj", "s", "CPU s", "against", "s", "CPU s", "faster", "at least", ""]
    rows = []
    for contest in contests:
        ours = contest.ours
        for rival in contest.rivals:
            ratio = rival.wall() / ours.wall()
            rows.append([contest.work, ours.name, f"{ours.wall():.3f}", f"{ours.cpu():.3f}", rival.name,
                         f"{rival.wall():.3f}", f"{rival.cpu():.3f}", f"{ratio:.1f}x",
                         f"{rival.at_least}x" if rival.at_least else "-",
                         verdict(args, ratio >= rival.at_least) if rival.at_least else ""])
    minutes = (journal.last - journal.first) / 60e6
    sessions = count_sessions(args.evj, journal.path)
    print_table(f"Reading {journal.events} events of {sessions} sessions, {args.at_once} at any time, "
                f"{minutes:.0f} minutes; {os.cpu_count()} processors\nmedians of {args.rounds} rounds, "
                f"{min(args.rounds, args.slow_rounds)} of what takes more than {SLOW_S} s", heads, rows)


def print_memory(contests, smaller, args):
    """The commands that were measured, against the same on a smaller file: it must not matter."""
    heads = ["memory of evj", "MiB", f"on 1/{SMALLER} of it", "at most", ""]
    rows = []
    for large, small in zip(contests, contests_of(args.evj, smaller)):
        small.ours.run(args.measure, os.devnull)
        rows.append([large.ours.name, f"{large.ours.rss_mib:.1f}", f"{small.ours.rss_mib:.1f}",
                     str(MEMORY_MIB), verdict(args, large.ours.rss_mib <= MEMORY_MIB)])
    print_table("Largest resident set of a process", heads, rows)


def print_size(journal, args):
    journal_bytes = journal.path.stat().st_size
    text_bytes = int(text_of(f"zcat '{journal.path}' | wc -c"))
    gzip_bytes = int(text_of(f"zcat '{journal.path}' | gzip -6 | wc -c"))
    heads = ["size", "bytes", "of the text", "of gzip -6", "at most", ""]
    rows = [["journal", str(journal_bytes), f"{journal_bytes / text_bytes:.4f}",
             f"{journal_bytes / gzip_bytes:.3f}", "1.00", verdict(args, journal_bytes <= gzip_bytes)],
            ["gzip -6 of its lines", str(gzip_bytes), f"{gzip_bytes / text_bytes:.4f}", "1.000", "", ""]]
    print_table("Size of the file", heads, rows)


# ---- the program ----


def parse_arguments():
    parser = argparse.ArgumentParser(description="Reading a journal, against zcat, grep and jq.")
    parser.add_argument("--evj", required=True)
    parser.add_argument("--generate", required=True, help="evj_generate")
    parser.add_argument("--measure", required=True, help="measured_run")
    parser.add_argument("--other", action="append", default=[], help="another evj, measured beside it")
    parser.add_argument("--events", type=int, default=1000000)
    parser.add_argument("--at-once", type=int, default=50, help="sessions at any time (50)")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--slow-rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    args = parser.parse_args()
    if args.quick:
        args.events, args.at_once, args.rounds = 20000, 10, 1
    return args


def run_all(args, folder):
    journal = make_journal(args, folder, args.events)
    smaller = make_journal(args, folder, args.events // SMALLER)
    contests = contests_of(args.evj, journal)
    add_others(contests, args, journal)
    check_all_records(args, journal)
    for _ in range(args.rounds):
        for contest in contests:
            run_contest(contest, args, folder)
    print_speed(contests, journal, args)
    print_memory(contests, smaller, args)
    print_size(journal, args)


def main():
    args = parse_arguments()
    for name in ("jq", "pigz", "igzip"):
        if not shutil.which(name):
            print(f"left out: {name}")
    with tempfile.TemporaryDirectory(prefix="evj-bench-reading-") as folder:
        run_all(args, pathlib.Path(folder))


if __name__ == "__main__":
    main()
