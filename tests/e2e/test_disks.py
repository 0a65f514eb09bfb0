#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad disks under a real Janus: full, read-only, gone, failing, or never answering.

Whatever the disk does: calls go on, the log has one line for each change, gaps tell what is missing,
and recording goes on by itself.
"""

import errno
import os
import subprocess

import evj
import namespaces
from calls import custom_events, noisy_events, one_call
from fake_disk import FakeDisk
from harness import Place, await_true
from janus import Janus
from tap import Tap

ISOLATED = namespaces.enter("mounts")


def only_where_mounting_is_permitted(test):
    def run(tap):
        if ISOLATED:
            test(tap)
        else:
            tap.skip(run.__name__.replace("_", " "), "mounting is not permitted here")
    run.__name__ = test.__name__
    return run


def recording(place, folder, environment=None, **settings):
    defaults = {"flush_interval": 0.1, "spool_folder": str(place.folder("spool"))}
    return Janus(place, evj.recorder(folder, **{**defaults, **settings}), environment=environment)


def check_complaints(tap, janus, case, *each):
    """The recorder's warnings are these and no others, each with all the words that are asked for."""
    wanted = [words if isinstance(words, tuple) else (words,) for words in each]
    await_true(lambda: len(evj.complaints(janus)) >= len(wanted), f"{case}: {len(wanted)} lines in the log")
    found = evj.complaints(janus)
    fits = len(found) == len(wanted) and all(word in line for words, line in zip(wanted, found) for word in words)
    tap.ok(fits, f"{case}: the log has {len(wanted)} lines of it, which say what is the matter",
           lambda: f"wanted {wanted}\n" + "\n".join(found))


def check_serves(tap, janus, case):
    one_call(janus)
    tap.ok(janus.process.is_running(), f"{case}: the server runs on and takes calls")


def check_complete(tap, journals, case):
    """Events and gaps account for all that was offered. Returns the records."""
    found = evj.records(journals)
    last = [record for record in found if "seq" in record][-1]
    offered = last["seq"] + (last["gap"]["events"] if "gap" in last else 1)
    lost = sum(record["gap"]["events"] for record in found if "gap" in record)
    marks = sum("mark" in record for record in found)
    tap.equal(sum("event" in record for record in found) + lost + marks, offered,
              f"{case}: events read + events in gaps = events offered")
    tap.equal(evj.run("verify", journals, status=None).returncode, 0, f"{case}: every file is sound")
    check_end(tap, found, case)
    return found


def check_end(tap, found, case):
    events = [record["event"] for record in found if "event" in record]
    tap.equal(evj.shutdowns(events), 1, f"{case}: Janus's shutdown is recorded")
    tap.equal(evj.strange_behind_shutdown(events), [], f"{case}: and behind it only handles' last words")


def fill(path):
    """Take what is left of a small disk. Returns the file to delete to make room again."""
    ballast = path / "ballast"
    with open(ballast, "wb", buffering=0) as out:
        try:
            while True:
                out.write(os.urandom(4096))
        except OSError:
            return ballast


def has_dropped(janus):
    status = janus.handler_status()
    return status if status["dropped"] else None


# ---- full ----


@only_where_mounting_is_permitted
def a_full_disk(tap):
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=1m")
        with recording(place, folder) as janus:
            custom_events(janus, 10)
            journal = evj.only_journal(folder)
            await_true(lambda: evj.numbers(journal) == list(range(10)), "ten events are recorded")
            ballast = fill(folder)
            noisy_events(janus, 100, first=10)
            check_complaints(tap, janus, "a full disk", (str(journal), "No space left on device"))
            check_serves(tap, janus, "a full disk")
            tap.equal(evj.numbers(journal)[:10], list(range(10)), "a full disk costs nothing already recorded")
            ballast.unlink()
            check_complaints(tap, janus, "a disk with room again", "No space", "can be written again")
            noisy_events(janus, 10, first=110)
            janus.stop()
        tap.equal(evj.numbers(journal), list(range(120)),
                  "with room again the journal holds every event, also those from when it was full")
        check_complete(tap, journal, "a full disk")


@only_where_mounting_is_permitted
def a_disk_that_is_full_for_longer_than_the_buffer_lasts(tap):
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=1m")
        with recording(place, folder, buffer="64K") as janus:
            journal = evj.only_journal(folder)
            ballast = fill(folder)
            noisy_events(janus, 100, first=0)  # three times what the buffer takes
            status = await_true(lambda: has_dropped(janus), "events are dropped")
            tap.equal(status["dropped_by"]["buffer-full"], status["dropped"], "the status says why")
            ballast.unlink()
            await_true(lambda: not janus.handler_status()["disk"]["failing"], "the disk takes data again")
            check_serves(tap, janus, "a full buffer")
            check_complaints(tap, janus, "a full buffer", ("No space", "wait in"), "can be written again")
            janus.stop()
        found = check_complete(tap, journal, "a full buffer")
        lost = sum(record["gap"]["events"] for record in found if "gap" in record)
        tap.ok(lost >= status["dropped"], "the journal has gaps for what was lost", lost)
        tap.equal(evj.last_line(journal)["end"]["dropped"], lost, "the end record counts what is in gaps")


@only_where_mounting_is_permitted
def a_disk_that_stays_full(tap):
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=1m")
        with recording(place, folder) as janus:  # its spool will stay, with what the disk did not take
            custom_events(janus, 10)
            journal = evj.only_journal(folder)
            await_true(lambda: evj.numbers(journal) == list(range(10)), "ten events are recorded")
            fill(folder)
            noisy_events(janus, 100, first=10)
            tap.equal(janus.stop(), 0, "a disk that stays full: Janus ends normally")
            tap.ok("could not be closed" in janus.log, "and its log says what is where", janus.process.log_tail())
        left = evj.numbers(journal)
        tap.equal(left, list(range(110)), "file and spool together have every event")


@only_where_mounting_is_permitted
def a_disk_that_is_full_when_Janus_starts(tap):
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=1m")
        ballast = fill(folder)
        with recording(place, folder) as janus:
            check_complaints(tap, janus, "a disk full at the start", (str(folder), "No space left", "trying again"))
            check_serves(tap, janus, "a disk full at the start")
            answer = janus.handler_status()
            tap.equal(answer.get("error_code"), 499, "the Admin API tells that nothing is recorded")
            tap.ok("No space left on device" in answer.get("error"), "and why", answer)
            ballast.unlink()
            journal = await_true(lambda: evj.journals(folder), "there is a journal once there is room")[0]
            custom_events(janus, 10)
            janus.stop()
            check_complaints(tap, janus, "a disk with room since", "No space left", ("recording events", "were lost"))
        found = check_complete(tap, journal, "a disk full at the start")
        tap.ok("gap" in found[0] and found[0]["seq"] == 0, "the journal begins with a gap for what came before", found[0])
        tap.ok(found[0]["gap"]["types"].get("handles", 0) >= 2, "which tells what that was", found[0])
        tap.equal(evj.numbers(journal), list(range(10)), "and has all that came since")


# ---- read-only, or gone ----


@only_where_mounting_is_permitted
def a_folder_that_becomes_read_only(tap):
    """What is open may be written still; a next file cannot be begun."""
    with Place() as place:
        folder = namespaces.mount(place, "journals", "size=4m")
        with recording(place, folder) as janus:
            custom_events(janus, 10)
            first = evj.only_journal(folder)
            namespaces.make_read_only(place, folder)
            janus.handler_status(request="rotate")
            check_complaints(tap, janus, "a read-only folder", ("no next file", str(first), "Read-only file system"))
            custom_events(janus, 10, first=10)
            await_true(lambda: len(evj.numbers(first)) == 20, "the open file has what came since")
            check_serves(tap, janus, "a read-only folder")
            namespaces.make_writable(folder)
            check_complaints(tap, janus, "a folder that may be written again", "no next file", "a next file could")
            custom_events(janus, 10, first=20)
            janus.stop()
        tap.equal(evj.numbers(folder), list(range(30)), "a read-only folder costs nothing")
        tap.equal(len(evj.journals(folder)), 2, "and the recording goes on in a next file")
        check_complete(tap, folder, "a read-only folder")


def a_folder_that_goes_and_comes_back(tap):
    """With the folder above it: so it cannot be made again at once."""
    with Place() as place:
        folder = place.folder("disk/journals")
        with recording(place, folder, buffer="64K") as janus:
            custom_events(janus, 10)
            await_true(lambda: len(evj.numbers(folder)) == 10, "ten events are recorded")
            subprocess.run(["rm", "-rf", folder.parent], check=True)
            noisy_events(janus, 100, first=10)
            await_true(lambda: has_dropped(janus), "the buffer is full")
            check_complaints(tap, janus, "a folder that is gone", ("No such file or directory", str(folder)))
            check_serves(tap, janus, "a folder that is gone")
            folder.parent.mkdir()
            await_true(lambda: not janus.handler_status()["disk"]["failing"], "the disk takes data again")
            custom_events(janus, 10, first=200)
            janus.stop()
        check_complaints(tap, janus, "a folder that comes back", "No such file", ("not there any more", "going on in"))
        found = evj.records(folder)
        tap.ok(any("gap" in record for record in found), "there is a gap for what was lost")
        tap.equal(evj.numbers(folder)[-10:], list(range(200, 210)), "and then everything is recorded again")
        tap.equal(evj.run("verify", folder, status=None).stderr, b"", "without a hole that no gap tells of")
        check_end(tap, found, "a folder that comes back")


# ---- failing, and never answering: a fake disk in front of a real Janus ----


def a_disk_on_which_nothing_works(tap):
    with Place() as place:
        folder = place.folder("journals")
        disk = FakeDisk(place, folder)
        with recording(place, folder, disk.environment, buffer="64K", keep_size="1G") as janus:
            custom_events(janus, 10)
            journal = evj.only_journal(folder)
            disk.fail(errno.EIO)
            noisy_events(janus, 100, first=10)
            await_true(lambda: has_dropped(janus), "the buffer is full")
            before = disk.refused()
            await_true(lambda: disk.refused() > before + 10, "the recorder goes on trying")
            check_serves(tap, janus, "a disk on which nothing works")
            status = janus.handler_status()
            tap.equal((status["state"], status["disk"]["failing"]), ("failing", True), "the status says so")
            tap.ok("Input/output error" in status["disk"]["last_error"], "and why", status["disk"])
            complaints = [(str(journal), "Input/output error"), "no old journal can be deleted"]
            check_complaints(tap, janus, "a disk on which nothing works", *complaints)
            disk.fail(0)
            await_true(lambda: janus.handler_status()["state"] == "recording", "the disk works again")
            janus.stop()
        check_complaints(tap, janus, "a disk that works again", *complaints, "can be written again")
        check_complete(tap, folder, "a disk on which nothing works")


def requests_are_answered_while_the_disk_hangs(tap):
    requests = [{"request": "status"}, {"request": "list"}, {"request": "mark", "text": "stuck"},
                {"request": "pause"}, {"request": "resume"}, {"request": "pin"}, {"request": "rotate"},
                {"request": "tweak", "flush_interval": 0.2, "events": "all", "keep_age": "1d"}]
    with Place() as place:
        folder = place.folder("journals")
        disk = FakeDisk(place, folder)
        with recording(place, folder, disk.environment, disk_floor="1") as janus:
            custom_events(janus, 10)
            first = evj.only_journal(folder)
            disk.hang()
            answers = [janus.handler_status(**request).get("result") for request in requests]
            tap.equal(answers, [200] * len(requests), "every request is answered while no call on the disk returns")
            check_serves(tap, janus, "a disk that hangs")
            custom_events(janus, 10, first=10)
            disk.go_on()
            await_true(lambda: janus.handler_status()["files"] == 2, "what was asked for is done then")
            janus.stop()
        tap.equal(evj.numbers(folder), list(range(20)), "nothing is lost")
        tap.ok(first.with_name(first.name + ".pin").exists(), "what was open when it was asked for is pinned")
        tap.equal(evj.complaints(janus), [], "and there is nothing to complain of")
        check_complete(tap, folder, "a disk that hangs")


def a_disk_that_hangs_does_not_keep_Janus_from_ending(tap):
    """That it ends within the thirty seconds of Process.stop() is what is shown. The next start has the rest."""
    with Place() as place:
        folder = place.folder("journals")
        disk = FakeDisk(place, folder)
        with recording(place, folder, disk.environment) as janus:
            custom_events(janus, 10)
            disk.hang()
            custom_events(janus, 10, first=10)
            tap.equal(janus.stop(), 0, "a disk that hangs: Janus ends normally")
            check_complaints(tap, janus, "a disk that hangs at the end", ("is not closed", "spool"))
        disk.go_on()
        tap.equal(evj.numbers(folder), list(range(20)), "file and spool together have every event")
        with recording(place, folder, disk.environment) as janus:
            janus.stop()
            check_complaints(tap, janus, "the next start", "It is complete now")
        tap.equal(evj.run("verify", folder, status=None).returncode, 0, "every file is sound and closed")
        tap.equal(len(list(place.folder("spool").iterdir())), 0, "and no spool is left")


if __name__ == "__main__":
    disks_tap = Tap()
    disks_tap.run(a_full_disk, a_disk_that_is_full_for_longer_than_the_buffer_lasts, a_disk_that_stays_full,
                  a_disk_that_is_full_when_Janus_starts,
                  a_folder_that_becomes_read_only, a_folder_that_goes_and_comes_back, a_disk_on_which_nothing_works,
                  requests_are_answered_while_the_disk_hangs, a_disk_that_hangs_does_not_keep_Janus_from_ending)
    disks_tap.done()
