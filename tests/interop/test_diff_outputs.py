#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What evj diff writes for programs is what its schema says, of real calls of each kind and of hostile journals.

    test_diff_outputs.py SCHEMA
"""

import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from tools import EVJ, TESTS, TIMEOUT_S, record

from tap import Faults, Missing, Tap

sys.path.insert(0, str(TESTS / "cli"))
import hostile  # noqa: E402

LIST_MAX = 10000


def compared(output_format, *arguments):
    """What evj diff prints, and its exit status; it must not end otherwise."""
    done = subprocess.run([EVJ, "diff", "--format", output_format, *map(str, arguments)], capture_output=True,
                          timeout=TIMEOUT_S, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout, done.returncode


def resolved(node, definitions):
    """Without references, which take most of the time; and with no member that the schema does not name."""
    if isinstance(node, list):
        return [resolved(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return resolved(definitions[node["$ref"].rpartition("/")[2]], definitions)
    closed = {"additionalProperties": False} if "properties" in node else {}
    return closed | {key: resolved(value, definitions) for key, value in node.items() if key != "$defs"}


def validator():
    try:
        import jsonschema
    except ImportError:
        raise Missing("python3-jsonschema not installed; scripts/setup interop installs it") from None
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(resolved(schema, schema["$defs"]))


def faults_of(document, valid):
    return "\n".join(f"{list(error.path)}: {error.message[:200]}" for error in valid.iter_errors(document))


# ---- journals ----

def made_call(path, plugin_events):
    """One session whose plugin says that many different things."""
    def event(at, **members):
        return json.dumps({"emitter": "gw", "timestamp": 1795334573915214 + at} | members)
    names = [event(2 + n, type=64, session_id=7, handle_id=8,
                   event={"plugin": "janus.plugin.echotest", "data": {"event": f"step {n}"}}) for n in range(plugin_events)]
    lines = [event(0, type=1, session_id=7, event={"name": "created"}),
             event(1, type=2, session_id=7, handle_id=8, event={"name": "attached", "plugin": "janus.plugin.echotest"}),
             *names]
    record(path, "\n".join(lines).encode())
    return path


def pairs_of_kinds():
    """A call of each kind with one of each kind, its own too."""
    kinds = sorted(path.parent.name for path in (TESTS / "data" / "recordings").glob("*/01.evj.gz"))
    for a, b in itertools.combinations_with_replacement(kinds, 2):
        folder = TESTS / "data" / "recordings"
        yield folder / a / "01.evj.gz", folder / b / "02.evj.gz"


def hostile_pairs(folder):
    """Journals whose every text is odd: escape sequences, what is no UTF-8, what ends a string or a tag."""
    for left_out in (0, 3):
        (folder / f"{left_out}.evj.gz").write_bytes(hostile.texts(left_out))
    call = TESTS / "data" / "calls" / "good.evj.gz"
    for a, b in itertools.permutations((folder / "0.evj.gz", folder / "3.evj.gz", call), 2):
        yield a, b


def all_pairs(folder):
    return [*pairs_of_kinds(), *hostile_pairs(folder)]


# ---- claims ----

def json_is_as_its_schema_says(tap):
    valid = validator()
    faults = Faults()
    for a, b in all_pairs(FOLDER):
        text, status = compared("json", a, b)
        document = json.loads(text)
        at = f"{a.parent.name} {b.parent.name}"
        faults.check(not faults_of(document, valid), "every pair is valid", lambda: f"{at}: {faults_of(document, valid)}")
        faults.check(text.count(b"\n") == 1 and text.endswith(b"}\n"), "it is one line", at)
        faults.check((document["verdict"] == "different") == (status == 1), "its verdict is the exit status", at)
        faults.check(refers_rightly(document), "what refers to a difference finds it", at)
    faults.tell(tap, "json")


def refers_rightly(document):
    """Each difference has the place that it names, and steps refer to differences of their handle."""
    for one in document["differences"]:
        session = document["sessions"][one["session"]] if one["session"] is not None else None
        handle = session["handles"][one["handle"]] if one["handle"] is not None else None
        if one["peer_connection"] is not None and one["peer_connection"] >= len(handle["peer_connections"]):
            return False
    for number, session in enumerate(document["sessions"]):
        for lane in lanes_of(session):
            found = [document["differences"][op["difference"]] for op in lane["ops"] if op["difference"] is not None]
            if any(each["session"] != number or each["lane_name"] != lane["name"] for each in found):
                return False
    return True


def lanes_of(session):
    yield from session["lanes"]
    for handle in session["handles"]:
        yield from handle["lanes"]
        for connection in handle["peer_connections"]:
            yield from connection["lanes"]


def a_list_without_end_is_counted(tap):
    few, many = made_call(FOLDER / "few.evj.gz", 2), made_call(FOLDER / "many.evj.gz", LIST_MAX + 502)
    document = json.loads(compared("json", few, many)[0])
    tap.equal(faults_of(document, validator()), "", "a comparison with too much in it is valid")
    tap.equal((len(document["differences"]), document["differences_more"]), (LIST_MAX, 500),
              "as much of a list as anybody reads, and how much more there is")


def junit_is_xml_that_says_the_same(tap):
    faults = Faults()
    for a, b in all_pairs(FOLDER):
        text, status = compared("junit", a, b)
        at = f"{a.parent.name} {b.parent.name}"
        root = xml.etree.ElementTree.fromstring(text)
        cases = list(root.iter("testcase"))
        failed = sum(case.find("failure") is not None for case in cases)
        faults.check((failed > 0) == (status == 1), "a case fails exactly when the two are different", at)
        counted = {name: sum(int(suite.get(name)) for suite in root) for name in ("tests", "failures", "skipped")}
        faults.check(counted == {name: int(root.get(name)) for name in counted}
                     and counted["tests"] == len(cases) and counted["failures"] == failed,
                     "the counts are those of its cases", at)
        names = [case.get("name") for case in cases]
        faults.check(len(set(names)) == len(names), "every case has a name of its own", at)
    faults.tell(tap, "junit")


def main():
    global FOLDER
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="evj-diff-") as name:
        FOLDER = pathlib.Path(name)
        tap.run(json_is_as_its_schema_says, a_list_without_end_is_counted,
                junit_is_xml_that_says_the_same)
    tap.done()


if __name__ == "__main__":
    main()
