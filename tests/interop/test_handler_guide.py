#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/guides/testing-a-handler.md shows runs, in its order, in a folder that was empty; and what it builds
finds the faults that a handler may have.

    test_handler_guide.py SOURCES
"""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from page import blocks_of
from tools import EVJ, ToolFailed, require

from tap import Missing, Tap

SOURCES = pathlib.Path(sys.argv[1])
EXAMPLE = SOURCES / "docs" / "guides" / "example-handler"
ALL_CAME = "came, once, in order and unchanged"
# What else each block must print.
SAYS = {
    "begin": "", "configure": "", "lines": "",
    "first": "delivered  43 (its mask kept 0 from it)",
    "expect": f"all 43 {ALL_CAME}",
    "stress": ALL_CAME,
    "script": ALL_CAME,
}


class Folder:
    def __init__(self, path):
        self.path = path

    def shell(self, text, status=0):
        """What it prints, on both outputs. Runs the evj under test, and nothing stays behind."""
        env = {**os.environ, "PATH": f"{pathlib.Path(EVJ).parent}:{os.environ['PATH']}"}
        done = subprocess.run(["timeout", "60", "bash", "-euc", text], cwd=self.path, env=env, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = done.stdout.decode(errors="replace")
        if done.returncode != status:
            raise ToolFailed(f"{text}\nexit {done.returncode}, expected {status}\n{output}")
        return output


@contextlib.contextmanager
def empty_folder():
    with tempfile.TemporaryDirectory(prefix="evj-handler-") as name:
        yield Folder(pathlib.Path(name))


def page():
    return blocks_of((SOURCES / "docs" / "guides" / "testing-a-handler.md").read_text())


def need_a_compiler():
    require("make", "cc", "pkg-config")
    if not pathlib.Path("/usr/include/janus/events/eventhandler.h").exists():
        raise Missing("Janus's headers are not installed (Debian package janus-dev)")


def what_the_page_shows_runs_in_its_order(tap):
    need_a_compiler()
    shown = [block for block in page() if block["language"] == "sh"]
    tap.equal([block["name"] for block in shown], ["begin", "configure", "first", "lines", "expect", "stress", "script"],
              "each block of the page is run, and no other is known")
    with empty_folder() as folder:
        for block in shown:
            output = folder.shell(block["text"].replace("~/src/evj", str(SOURCES)))
            tap.ok(SAYS[block["name"]] in output, f"the page's block {block['name']} runs, and says what the page says", output)
        suites = xml.parse(folder.path / "result.xml").getroot()
        tap.equal(suites.get("failures"), "0", "result.xml has no failure")
        tap.equal([suite.get("name") for suite in suites], ["janus.eventhandler.lineevh"], "and is about the handler")


def what_the_page_quotes_is_in_the_example(tap):
    source = (EXAMPLE / "lineevh.c").read_text()
    for block in page():
        if block["language"] == "c":
            tap.ok(block["text"] in source, f"the example has: {block['text'].splitlines()[0].strip()}")


# A fault, where it is put, and the test that must fail for it.
FAULTS = {
    "lets go of nothing": ("        json_decref(event);\n", "", "let go of every event before destroy"),
    "loses an event": ("    if (line.queue == NULL) /*", "    if (json_object_get(event, \"opaque_id\")) return;\n"
                       "    if (line.queue == NULL) /*", "every event arrived"),
    "writes events twice": ("        write_event(event);\n", "        write_event(event);\n        write_event(event);\n",
                            "none arrived more than once"),
    "changes events": ("    char *text = json_dumps", "    json_object_set_new(event, \"eventtype\", json_true());\n"
                       "    char *text = json_dumps", "they arrived unchanged"),
    "crashes": ("    if (line.queue == NULL) /*", "    if (json_object_get(event, \"opaque_id\")) abort();\n"
                "    if (line.queue == NULL) /*", "took every event"),
    "does not start": ("    if (read_configuration(config_path) < 0)", "    if (read_configuration(config_path) == 0)",
                       "loaded and started"),
    "logs an error": ("    if (line.failed > 0 || line.lost > 0)", "    if (line.failed >= 0)", "logged no error"),
}


def failures_of(path):
    return [case.get("name") for case in xml.parse(path).getroot().iter("testcase") if case.find("failure") is not None]


def its_test_finds_the_faults_that_a_handler_may_have(tap):
    need_a_compiler()
    source = (EXAMPLE / "lineevh.c").read_text()
    with empty_folder() as folder:
        folder.shell(page()[0]["text"].replace("~/src/evj", str(SOURCES)))
        for fault, (old, new, claim) in FAULTS.items():
            assert source.count(old) == 1, f"{old!r} is not once in the example"
            (folder.path / "lineevh.c").write_text(source.replace(old, new))
            try:
                folder.shell("make -s; exec ./test.sh call.evj.gz --drain 1 --linger 0 --expect-wait 1",
                             status=2 if fault == "does not start" else 1)
                tap.ok(claim in failures_of(folder.path / "result.xml"), f"a handler that {fault} fails “{claim}”",
                       failures_of(folder.path / "result.xml"))
            except ToolFailed as failed:
                tap.ok(False, f"a handler that {fault} fails “{claim}”", failed)


# ---- the CI's file ----

def workflow():
    try:
        import yaml
    except ImportError as lacking:
        raise Missing("python3-yaml is not installed; scripts/setup interop installs it") from lacking
    return yaml.safe_load(next(block["text"] for block in page() if block["name"] == "workflow"))


def packages_of(text):
    """What `apt install` or `apt-get install` in a text names."""
    lists = re.findall(r"apt(?:-get)? install ([^\n]+)", text.replace("\\\n", " "))
    return {word for each in lists for word in each.split() if not word.startswith("-")}


def the_workflow_is_one(tap):
    jobs = workflow()["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    tap.ok(all(("run" in step) != ("uses" in step) for step in steps), "each step runs or uses something", steps)
    for step in steps:
        if "run" in step:
            checked = subprocess.run(["bash", "-n"], input=step["run"].encode(), capture_output=True, check=False)
            tap.ok(checked.returncode == 0, f"the step “{step['name']}” is a script", checked.stderr.decode())


def the_workflow_installs_what_evj_and_the_example_need(tap):
    installed = packages_of("\n".join(step.get("run", "") for step in workflow()["jobs"]["replay"]["steps"]))
    evj = packages_of((SOURCES / "README.md").read_text())
    handler = packages_of((SOURCES / "docs" / "guides" / "testing-a-handler.md").read_text().split("<!--")[0])
    tap.ok(evj and handler, "README and page name packages", (evj, handler))
    tap.equal(sorted((evj | handler) - installed), [], "the workflow installs all of them")


def main():
    tap = Tap()
    tap.run(what_the_page_quotes_is_in_the_example, what_the_page_shows_runs_in_its_order,
            its_test_finds_the_faults_that_a_handler_may_have, the_workflow_is_one,
            the_workflow_installs_what_evj_and_the_example_need)
    tap.done()


if __name__ == "__main__":
    main()
