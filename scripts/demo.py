#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration itself; scripts/demo has set up and built. Every step prints what it runs."""

import os
import pathlib
import shlex
import shutil
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = TOP / "build"
DEMO = pathlib.Path(os.environ.get("EVJ_DEMO", TOP / "demo"))
CALLS = TOP / "tests" / "data" / "calls"
os.environ.setdefault("EVJ_BIN", str(BUILD / "tools" / "evj"))
os.environ.setdefault("EVJ_RECORDER", str(BUILD / "recorder" / "libjanus_journalevh.so"))
sys.path.insert(0, str(TOP / "tests" / "e2e"))

# pylint: disable=wrong-import-position
import browser  # noqa: E402
import evj  # noqa: E402
import namespaces  # noqa: E402
from calls import one_call  # noqa: E402
from harness import Place, TimedOut  # noqa: E402
from janus import Janus, bundled, handler_package, jcfg  # noqa: E402
from tap import Missing  # noqa: E402

STEPS = 6
SAMPLEEVH = "libjanus_sampleevh.so"


def step(number, title, *explanation):
    print(f"\n== {number}/{STEPS}  {title}")
    for line in explanation:
        print(f"   {line}")
    sys.stdout.flush()


def shown(path):
    """A path as one would type it in the checkout."""
    path = pathlib.Path(path)
    return str(path.relative_to(TOP)) if path.is_relative_to(TOP) else str(path)


def command(*arguments, statuses=(0,), lines=25):
    """Print a command of evj and what it says. Its exit status must be one of `statuses`."""
    print("\n$ evj " + " ".join(shlex.quote(shown(a)) for a in arguments))
    done = evj.run(*arguments, status=None)
    said = (done.stdout + done.stderr).decode(errors="replace").splitlines()
    for line in said[:lines]:
        print("  " + line.replace(f"{TOP}/", ""))
    if len(said) > lines:
        print(f"  … {len(said) - lines} lines more")
    sys.stdout.flush()
    if done.returncode not in statuses:
        sys.exit(f"demo: that ended with status {done.returncode}, which it should not")


def talk(janus):
    """A few short conversations over the HTTP interface; Alice's takes three seconds."""
    session = janus.session()
    handle = session.attach("echotest", "alice")
    session.message(handle, {"audio": True, "video": True})
    janus.custom_event("demo.mark", {"text": "Alice is in the echo test"})
    time.sleep(1)
    one_call(janus, "bob")
    time.sleep(1)
    one_call(janus, "carol", plugin="videoroom")
    time.sleep(1)
    session.message(handle, {"audio": False, "bitrate": 64000})
    session.detach(handle)
    session.destroy()


def record(place, name, make_calls):
    """Run a Janus with the recorder while `make_calls` talks to it. Returns the journal in demo/."""
    folder = place.folder(f"{name}-journals")
    with Janus(place, evj.recorder(folder), name=name, server_name="demo-gateway") as janus:
        print(f"   Janus {janus.api.get('/info')['version_string']} (pid {janus.process.pid}) answers on"
              f" 127.0.0.1:{janus.http_port}; its event handler"
              f" is {pathlib.Path(evj.RECORDER).name}, our recorder")
        make_calls(janus)
        janus.stop()
    journal = DEMO / f"{name}.evj.gz"
    shutil.move(evj.only_journal(folder), journal)
    print(f"   Janus has ended; its journal is {shown(journal)} ({journal.stat().st_size} bytes)")
    return journal


def browser_call(place, scenario):
    def make(janus):
        print(f"   headless Chromium makes the call '{scenario}' …", flush=True)
        status, said = browser.call(place, janus, scenario, seconds=4)
        if status != 0:
            sys.exit(f"demo: the call '{scenario}' went wrong: {said}")
    return make


def replay(place, journal):
    """Ten times faster through Debian's sampleevh into `evj record --http`. Returns the new journal."""
    backend = evj.Backend(place, "replayed")
    config = DEMO / "replay-config"
    config.mkdir()
    for library, settings in evj.sampleevh(backend.url).items():
        (config / f"{handler_package(library)}.jcfg").write_text(jcfg({"general": settings}))
    print(f"\n$ evj record --http {backend.url.split('/')[2]} -o {shown(DEMO / 'replayed.evj.gz')} &")
    command("replay", journal, "--handler", bundled("events", "sampleevh"), "--config", config,
            "--speed", "10")
    wanted = len(evj.event_lines(journal))
    backend.stop()
    replayed = DEMO / "replayed.evj.gz"
    shutil.move(backend.path, replayed)
    got = len(evj.event_lines(replayed))
    same = evj.event_lines(replayed) == evj.event_lines(journal)
    print(f"   {wanted} events went in, {got} came out"
          f"{': byte for byte the same, in the same order' if same else ''}")
    if not same:
        sys.exit("demo: the replay changed the events")
    return replayed


def compared_calls(place, with_browser):
    if with_browser:
        return (record(place, "good", browser_call(place, "echo")),
                record(place, "failing", browser_call(place, "dtlsfail")))
    return CALLS / "good.evj.gz", CALLS / "failing.evj.gz"


def try_next(recorded, good, failing, with_browser):
    print(f"""
== Done. Nothing is running any more. Try next:

   alias evj={shown(evj.EVJ)}
   evj cat {shown(recorded)}
   evj cat --type jsep,webrtc {shown(good)}
   evj diff {shown(good)} {shown(failing)}
   evj replay --speed 2 --stdout {shown(recorded)}
   zcat {shown(recorded)} | jq -c 'select(.event).event'""")
    if not with_browser:
        print("   scripts/demo --browser            the same with real WebRTC calls of a headless Chromium")
    print("\n   README.md says how to install the recorder into your own Janus.")


def demonstrate(with_browser):
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir(parents=True)
    with Place() as place:
        step(1, "Recording a real Janus", "A Debian janus with a configuration of its own, on free ports.")
        recorded = record(place, "recorded", browser_call(place, "mute") if with_browser else talk)
        step(2, "What is in the journal?")
        command("info", recorded)
        step(3, "Who called, and how did it end?")
        command("sessions", recorded)
        step(4, "The events themselves")
        command("cat", "--type", "sessions,handles,plugins", recorded, lines=12)
        step(5, "Replaying it ten times faster into Janus's own HTTP handler",
             f"Debian's {SAMPLEEVH}, unmodified, posts every event to a second recorder.")
        replay(place, recorded)
        step(6, "Where does a failing call part from a good one?",
             "Two calls of a real browser" + ("" if with_browser else ", shipped with the sources")
             + ": in the second one the DTLS handshake fails.")
        good, failing = compared_calls(place, with_browser)
        command("diff", good, failing, statuses=(1,), lines=40)
    try_next(recorded, good, failing, with_browser)


def main():
    with_browser = "--browser" in sys.argv[1:]
    if with_browser:
        namespaces.enter("network")
    try:
        demonstrate(with_browser)
    except (Missing, TimedOut, evj.CommandFailed) as failure:
        sys.exit(f"demo: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
