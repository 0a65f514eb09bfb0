#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Janus whose recording goes on from file to file: nothing lost, nothing twice, and followed."""

import signal
import subprocess
import threading

import evj
from calls import custom_events, marked
from evj import numbers
from harness import Place, await_true
from janus import Janus
from tap import Tap
from test_follow import Follower


def recording(place, folder, name="janus", **settings):
    defaults = {"flush_interval": 0.05, "rotate_interval": "1s"}
    return Janus(place, evj.recorder(folder, spool_folder=str(place.folder("spool")),
                                     **{**defaults, **settings}), name=name)


def send_until_it_fails(janus):
    try:
        for number in range(100000):
            janus.custom_event("evj.test", marked(number))
    except (OSError, ValueError):
        return  # the server is gone


def sequence(folder):
    return [record["seq"] for record in evj.records(folder) if "seq" in record]


def a_recording_goes_on_from_file_to_file(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder) as janus:
            follower = Follower(place, folder)
            sent = 0
            while len(evj.journals(folder)) < 4:
                custom_events(janus, 10, first=sent)
                sent += 10
            await_true(lambda: len(follower.numbers()) == sent, "all events were followed")
            janus.stop()
        status, said = follower.end()
        tap.equal(status, 0, "following ends when Janus stops")
        tap.equal(follower.numbers(), list(range(sent)), "a follower sees every event once, across all files")
        tap.equal(said, "", "and has nothing to say")
        tap.equal(numbers(folder), list(range(sent)), "the folder, read as one, has every event once")
        tap.equal(sequence(folder), list(range(len(sequence(folder)))), "numbered without a hole")
        files = evj.journals(folder)
        ends = [evj.last_line(path)["end"]["reason"] for path in files]
        tap.equal(ends, ["rotate"] * (len(files) - 1) + ["shutdown"], "each file says that there is a next one")
        tap.equal(evj.run("verify", folder).returncode, 0, "evj verify finds all of them sound")
        headers = [evj.first_line(path) for path in files]
        tap.equal([header.get("previous") for header in headers], [None] + [path.name for path in files[:-1]],
                  "each file names the one before")
        tap.equal(len({header["id"] for header in headers}), 1, "and they are one recording")


def a_server_killed_while_it_rotates_loses_nothing(tap):
    """Rotation as often as it can be, by size, and a kill in full flight."""
    with Place() as place:
        folder = place.folder("journals")
        for life in range(3):
            with recording(place, folder, name=f"janus{life}", rotate_size="64K", buffer="256K") as janus:
                sender = threading.Thread(target=send_until_it_fails, args=(janus,), daemon=True)
                before = len(evj.journals(folder))
                sender.start()
                await_true(lambda: len(evj.journals(folder)) >= before + 2, "two more files were begun")
                janus.stop(signal.SIGKILL)
                sender.join()
        with recording(place, folder, name="janus-last") as janus:
            tap.ok("It is complete now" in janus.log, "the next start completes what was left", janus.process.log_tail())
            janus.stop()
        done = evj.run("verify", folder, status=None)
        tap.equal(done.returncode, 0, "every file is sound and closed then")
        tap.note((done.stdout + done.stderr).decode() if done.returncode else f"{len(evj.journals(folder))} files")
        runs = split_runs(numbers(folder))
        tap.equal(len(runs), 3, "three lives were recorded")
        lost = [record["gap"] for record in evj.records(folder) if "gap" in record]
        holes = sum(run[-1] + 1 - len(run) for run in runs)
        tap.ok(all(run == sorted(set(run)) for run in runs) and holes == sum(gap["types"]["external"] for gap in lost),
               "none has an event twice, or a hole but where a gap tells of it", f"{holes} are missing; gaps: {lost}")


def split_runs(found):
    """The numbers of each life, which begin with 0."""
    runs = []
    for number in found:
        if number == 0:
            runs.append([])
        runs[-1].append(number)
    return runs


def requests_are_done_while_janus_runs(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder, rotate_interval=0) as janus:
            session = janus.session()
            handle = session.attach("echotest", "caller")
            first = evj.only_journal(folder)
            answers = [janus.handler_status(request="mark", text="before"), janus.handler_status(request="pause")]
            custom_events(janus, 5)
            await_true(lambda: janus.handler_status()["dropped_by"]["paused"] >= 5, "a pause counts what it skips")
            answers += [janus.handler_status(request="resume"), janus.handler_status(request="pin"),
                        janus.handler_status(request="rotate")]
            await_true(lambda: janus.handler_status()["files"] == 2, "a second file is begun")
            custom_events(janus, 5, first=5)
            second = evj.journals(folder)[1]
            answers.append(janus.handler_status(request="tweak", events="handles,sessions", keep_size="1"))
            answers.append(janus.handler_status(request="rotate"))
            await_true(lambda: not second.exists(), "what is not pinned goes")
            session.detach(handle)
            session.destroy()
            listed = await_true(lambda: [each for each in [janus.handler_status(request="list")["journals"]]
                                         if len(each) == 2], "two journals are listed")[0]
            answers.append(janus.handler_status(request="tweak", folder="/"))
            janus.stop()
        tap.equal([answer.get("result", answer.get("error_code")) for answer in answers], [200] * 7 + [413],
                  "requests are answered, and what cannot be changed is refused")
        tap.equal([(each["name"], each["pinned"], each["open"]) for each in listed],
                  [(first.name, True, False), (evj.journals(folder)[1].name, False, True)],
                  "the journals are listed: the pinned one, and the open one")
        found = evj.records(first)
        tap.equal([record["mark"] for record in found if "mark" in record], [{"text": "before", "source": "admin"}],
                  "the mark is in the journal")
        gaps = [record["gap"] for record in found if "gap" in record]
        tap.equal([gap["reason"] for gap in gaps], ["paused"], "the pause is one gap")
        tap.equal(gaps[0]["types"].get("external"), 5, "which counts what it skipped")
        third = evj.records(evj.journals(folder)[1])
        tap.equal({record["event"]["type"] for record in third if "event" in record}, {1, 2},
                  "the third file has the events that were asked for")
        ids = {record["state"].get("session_id") for record in third if "state" in record}
        tap.ok(session.id in ids, "and begins with the session that was alive", ids)
        shown = evj.run("sessions", evj.journals(folder)[1]).stdout.decode()
        tap.ok(str(session.id) in shown, "evj sessions finds it in that file alone", shown)


def a_folder_that_vanishes_is_made_again(tap):
    with Place() as place:
        folder = place.folder("journals")
        with recording(place, folder, rotate_interval=0) as janus:
            custom_events(janus, 10)
            first = evj.only_journal(folder)
            await_true(lambda: len(numbers(first)) == 10, "ten events are recorded")
            subprocess.run(["rm", "-rf", folder], check=True)
            custom_events(janus, 10, first=10)
            await_true(lambda: evj.journals(folder), "there is a new file in a new folder")
            custom_events(janus, 10, first=20)
            janus.stop()
        left = numbers(evj.only_journal(folder))
        tap.equal(left[-10:], list(range(20, 30)), "a folder that vanishes is made again, and recording goes on")
        tap.equal(left, list(range(30 - len(left), 30)), "without a hole")


if __name__ == "__main__":
    rotation_tap = Tap()
    rotation_tap.run(a_recording_goes_on_from_file_to_file, a_server_killed_while_it_rotates_loses_nothing,
                     requests_are_done_while_janus_runs, a_folder_that_vanishes_is_made_again)
    rotation_tap.done()
