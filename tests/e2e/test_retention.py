#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real Janus servers of one name record into one folder: neither ever touches the other's journals."""

import signal

import evj
from calls import noisy_events
from harness import Place, await_true
from janus import Janus
from tap import Tap

KEEP = 200 * 1024  # bytes: of files of 64 KiB and more


def recording(place, folder, name, home, **settings):
    defaults = {"flush_interval": 0.05, "rotate_size": "64K", "spool_folder": str(place.folder("spool"))}
    return Janus(place, evj.recorder(folder, **{**defaults, **settings}), name=name, home=home)


def instance_in(path):
    """Who records it; None of a journal that was deleted since it was listed."""
    try:
        return evj.first_line(path)["instance"]
    except FileNotFoundError:
        return None


def files_of(folder, instance):
    return [path for path in evj.journals(folder) if instance_in(path) == instance]


def instance_of(janus):
    return await_true(lambda: instance_in(janus.handler_status()["journal"]), "the open journal is read")


def record_more(janus, first):
    """Enough for another file or two. Returns the number behind the last event."""
    files = janus.handler_status()["files"]
    while janus.handler_status()["files"] < files + 2:
        noisy_events(janus, 25, first)
        first += 25
    return first


def total_size(paths):
    return sum(path.stat().st_size for path in paths if path.exists())


def keeps_to_its_own(tap, case, home):
    """One keeps little, the other everything."""
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder, "little", "little", keep_size=KEEP) as little, \
                recording(place, folder, "all", home) as everything:
            mine, others = instance_of(little), instance_of(everything)
            tap.ok(mine != others, f"{case}: the two are told apart", mine)
            pinned = files_of(folder, mine)[0]
            little.handler_status(request="pin")
            sent = {little: 0, everything: 0}
            while not little.log.count("deleted") >= 3:
                sent = {janus: record_more(janus, first) for janus, first in sent.items()}
            check_files(tap, case, folder, mine, pinned)
            little.stop(signal.SIGKILL)
            sent[everything] = record_more(everything, sent[everything])
            left = files_of(folder, mine)
            with recording(place, folder, "again", "little", keep_size=KEEP) as again:
                tap.equal(instance_of(again), mine, f"{case}: after a crash it is who it was")
                tap.ok("It is complete now" in again.log, f"{case}: and completes its own journal",
                       again.process.log_tail())
                more = record_more(again, 0)
                while files_of(folder, mine)[1] in left:
                    more = record_more(again, more)
                tap.ok(True, f"{case}: and deletes what it had left before")
                check_files(tap, case, folder, mine, pinned)
                again.stop()
            everything.stop()
        check_untouched(tap, case, files_of(folder, others), sent[everything])


def check_files(tap, case, folder, instance, pinned):
    files = files_of(folder, instance)
    tap.equal(files[0], pinned, f"{case}: the pinned one stays")
    # The open one, and the one before it until that is seen to, may have grown since.
    tap.ok(total_size(files[1:-2]) < KEEP, f"{case}: of the others there are only as many as may be",
           [path.name for path in files])


def check_untouched(tap, case, files, sent):
    tap.equal(evj.numbers(*files), list(range(sent)), f"{case}: of the other one's events none is missing")
    tap.equal(evj.run("verify", *files, status=None).returncode, 0, f"{case}: and all its files are sound")
    tap.equal([evj.last_line(path)["end"]["reason"] for path in files],
              ["rotate"] * (len(files) - 1) + ["shutdown"], f"{case}: and ended by itself")


def two_servers_of_one_name_keep_to_their_own_journals(tap):
    keeps_to_its_own(tap, "one name", "all")


def two_servers_of_one_configuration_keep_to_their_own_journals(tap):
    keeps_to_its_own(tap, "one configuration", "little")


def what_is_older_than_may_be_goes_and_what_is_open_stays(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder, "janus", "janus", keep_age="1s", rotate_size=0, rotate_interval="1s") as janus:
            first = evj.only_journal(folder)
            sent = iter(range(10 ** 6))
            await_true(lambda: noisy_events(janus, 1, next(sent)) or not first.exists(), "the first one is too old")
            listed = await_true(lambda: janus.handler_status(request="list")["journals"], "there are journals")
            tap.ok(listed[-1]["open"], "the open one stays however old it is", listed)
            janus.stop()
        tap.ok(evj.journals(folder), "and is there at the end", evj.journals(folder))


if __name__ == "__main__":
    retention_tap = Tap()
    retention_tap.run(two_servers_of_one_name_keep_to_their_own_journals,
                      two_servers_of_one_configuration_keep_to_their_own_journals,
                      what_is_older_than_may_be_goes_and_what_is_open_stays)
    retention_tap.done()
