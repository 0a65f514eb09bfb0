#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to compare two journals, against reading both with evj cat.

    bench_diff.py --evj EVJ --generate EVJ_GENERATE --measure MEASURED_RUN [--quick]

Makes the journals of two days of a server with some dozens of calls at any time, in several sizes; and two pairs of
the largest size: with many more calls at a time, and with as many more that are shorter. Whole commands run in turn, round by round. Reading both is
`evj cat A; evj cat B`, which prints a line for each event. Memory is the largest resident set of any
process: what a comparison holds should depend on how many calls there are at a time, not on how long the
journals are.
"""

import argparse
import dataclasses
import os
import pathlib
import shutil
import tempfile

from commands import Command, Journal, count_sessions, make_journal, print_table, text_of, verdict

TIMES_READING = 3  # a comparison may take so many times as long as reading
LINEAR = 1.5  # an event of the longest journals may cost so many times one of the shortest but one
GROWTH = 2  # and memory may grow by this, from a journal to one ten times as long
MORE = 10  # times as many calls at a time, or so many times shorter


@dataclasses.dataclass
class Pair:
    """Two journals of one size, and what is done with them."""

    what: str
    a: Journal
    b: Journal
    read: Command
    records: Command
    diff: Command
    read_one: Command
    diff_one: Command

    def events(self):
        return self.a.events + self.b.events

    def commands(self):
        return [self.read, self.diff, self.records, self.read_one, self.diff_one]


# Exit status 1 says that the two differ.
ANY_VERDICT = "[ $? -le 1 ]"


def make_pair(args, folder, what, events, **options):
    a, b = (make_journal(args, folder, events, seed, **options) for seed in (6, 7))
    evj = f"'{args.evj}'"
    return Pair(
        what, a, b,
        Command("cat both", f"{evj} cat '{a.path}' && {evj} cat '{b.path}'"),
        Command("cat --format record both",
                f"{evj} cat --format record '{a.path}' && {evj} cat --format record '{b.path}'"),
        Command("diff", f"{evj} diff '{a.path}' '{b.path}'; {ANY_VERDICT}"),
        Command("cat --session, both",
                f"{evj} cat --session {a.session} '{a.path}' && {evj} cat --session {b.session} '{b.path}'"),
        Command("diff A:ID B:ID", f"{evj} diff '{a.path}:{a.session}' '{b.path}:{b.session}'; {ANY_VERDICT}"))


def check(args, pair):
    """A wrong answer is no fast one: a journal is identical with its copy, and these two are not."""
    copy = pair.a.path.with_name("copy.evj.gz")
    shutil.copyfile(pair.a.path, copy)
    same = text_of(f"'{args.evj}' diff '{pair.a.path}' '{copy}'")
    other = text_of(f"'{args.evj}' diff '{pair.a.path}' '{pair.b.path}'; {ANY_VERDICT}")
    if not same.startswith("Identical") or not other.startswith("Different"):
        raise SystemExit("bench_diff: evj diff does not tell two journals from one")


# ---- tables ----


def print_times(args, pair, sessions):
    heads = ["work", "s", "CPU s", "against", "s", "CPU s", "times", "at most", ""]
    contests = [("all sessions", pair.diff, pair.read, TIMES_READING), ("", pair.diff, pair.records, 0),
                ("one of each", pair.diff_one, pair.read_one, TIMES_READING)]
    rows = []
    for work, ours, base, at_most in contests:
        times = ours.wall() / base.wall()
        rows.append([work, f"{ours.wall():.3f}", f"{ours.cpu():.3f}", base.name, f"{base.wall():.3f}",
                     f"{base.cpu():.3f}", f"{times:.2f}x", f"{at_most}x" if at_most else "-",
                     verdict(args, times <= at_most) if at_most else ""])
    print_table(f"Comparing two journals of {pair.a.events} events and {sessions} sessions each; "
                f"{os.cpu_count()} processors\nmedians of {args.rounds} rounds", heads, rows)


def print_growth(args, pairs):
    """Is the cost linear, and memory that of what is live?"""
    heads = ["", "sessions", "diff s", "CPU s", "µs/event", "times reading", "MiB", "", ""]
    rows = []
    for before, pair in zip([None, *pairs], pairs):
        per_event = pair.diff.cpu() * 1e6 / pair.events()
        linear = memory = ""
        if before is not None and before is not pairs[0] and pair.a.events > before.a.events:
            linear = verdict(args, per_event <= LINEAR * before.diff.cpu() * 1e6 / before.events())
            memory = verdict(args, pair.diff.rss_mib <= GROWTH * before.diff.rss_mib)
        rows.append([pair.what, str(count_sessions(args.evj, pair.a.path)), f"{pair.diff.wall():.3f}",
                     f"{pair.diff.cpu():.3f}", f"{per_event:.2f}", f"{pair.diff.wall() / pair.read.wall():.2f}x",
                     f"{pair.diff.rss_mib:.1f}", f"linear {linear}" if linear else "",
                     f"memory {memory}" if memory else ""])
    print_table("Cost by size, of both journals (µs of CPU time; linear: an event costs at most "
                f"{LINEAR} times as much, memory: at most {GROWTH} times, of a tenth)", heads, rows)


# ---- the program ----


def parse_arguments():
    parser = argparse.ArgumentParser(description="Comparing journals, against reading them.")
    parser.add_argument("--evj", required=True)
    parser.add_argument("--generate", required=True, help="evj_generate")
    parser.add_argument("--measure", required=True, help="measured_run")
    parser.add_argument("--events", type=int, default=1000000, help="of the longest journals")
    parser.add_argument("--at-once", type=int, default=50, help="sessions at any time (50)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    args = parser.parse_args()
    if args.quick:
        args.events, args.at_once, args.rounds = 10000, 3, 1
    return args


def main():
    args = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="evj-bench-diff-") as name:
        folder = pathlib.Path(name)
        pairs = [make_pair(args, folder, f"{args.events // part} events", args.events // part)
                 for part in (100, 10, 1)]
        largest = pairs[-1]
        pairs += [make_pair(args, folder, f"{MORE} times as many at once", args.events, at_once=args.at_once * MORE),
                  make_pair(args, folder, "and as much shorter", args.events, at_once=args.at_once * MORE, shorter=MORE)]
        check(args, pairs[1])
        for _ in range(args.rounds):
            for pair in pairs:
                for command in pair.commands():
                    command.run(args.measure, os.devnull)
        print_times(args, largest, count_sessions(args.evj, largest.a.path))
        print_growth(args, pairs)


if __name__ == "__main__":
    main()
