#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that evj diff makes, in a real browser: of real calls, of whole journals, and of journals made to do harm."""

import json
import subprocess
import sys

import browser
import evj
from harness import Place
from tap import Faults, Tap

sys.path.insert(0, str(evj.DATA.parent / "cli"))
import hostile  # noqa: E402 (it stands in a folder of its own)

LOOK = browser.DRIVER.parent.parent / "pages" / "look.js"
CALLS, RECORDINGS = evj.DATA / "calls", evj.DATA / "recordings"
SIZE_MAX, COUNT_MAX = 4_000_000, 60_000
# All that the page is made of. Neither "style" as an attribute nor anything that runs or loads.
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "div", "p", "span",
            "strong", "small", "code", "bdi", "a", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead",
            "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "line", "circle", "text", "tspan"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "value", "scope", "colspan", "role",
              "tabindex", "aria-label", "aria-hidden", "viewBox", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r"}
# Begins what would run, ends whatever it could stand in, and begins it again. JSON, for a journal.
MARKUP = (rb"<img src=x onerror=owned=1 \"'></style></title></script></bdi></td></table></svg>--> ]]><script>owned=1</script><img src=x onerror=owned=1>"
          rb"<a href=javascript:owned=1 id=d-1 autofocus onfocus=owned=1>\u202e\u2066\u0000\u001b[2J{{7*7}}&lt;script&gt;")
SHOWN = "<script>owned=1</script><img src=x onerror=owned=1>"


# ---- journals and pages ----

def page_of(place, name, *arguments):
    page = place.folder("pages") / f"{name}.html"
    evj.run("diff", "--format", "html", "-o", page, *arguments, status=None)
    return page


def looked_at(place, pages):
    """What the browser found of each page, by name."""
    env = {"NODE_PATH": str(browser.modules_folder()), "TMPDIR": str(place.folder("browser"))}
    looking = place.start(["node", LOOK, *pages], "look.log", env)
    try:
        looking.popen.wait(timeout=150)
    except subprocess.TimeoutExpired:
        looking.end()
    lines = [line for line in looking.log.splitlines() if line.startswith("{")]
    if len(lines) != len(pages):
        raise AssertionError(f"the browser looked at {len(lines)} of {len(pages)} pages\n{looking.log[-3000:]}")
    return {page.stem: json.loads(line) for page, line in zip(pages, lines)}


def recorded(place, name, events):
    path = place.folder("journals") / f"{name}.evj.gz"
    evj.run("record", "--quiet", "--stdin", "-o", path, stdin="\n".join(map(json.dumps, events)).encode())
    return path


def sample(name):
    return [json.loads(line) for line in (evj.DATA / "events" / f"{name}.ndjson").read_text().splitlines()]


def poisoned(value, text, keys):
    """Wherever somebody outside of Janus chooses a text, this one."""
    if isinstance(value, list):
        return [poisoned(each, text, keys) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: text if key in keys and isinstance(each, str) else poisoned(each, text, keys) for key, each in value.items()}


def many_sessions(place, name, count, without=None):
    """So many copies of a call, each of which may lack an event."""
    events = []
    for number in range(count):
        for event in sample("echo2"):
            if event.get("session_id") and not (without and event["event"].get("connection") == without):
                events.append(event | {key: event[key] + number for key in ("session_id", "handle_id") if key in event})
    return recorded(place, name, sorted(events, key=lambda event: event["timestamp"]))


def hostile_pages(place):
    folder = place.folder("hostile")
    for left_out in (0, 3):
        (folder / f"{left_out}.evj.gz").write_bytes(hostile.texts(left_out, MARKUP))
    markup = json.loads(b'"' + MARKUP + b'"')
    long = {"long": "x" * 100_000, "rtl": "\u05d0\u0628 " * 2000 + markup, "marks": "e" + "\u0301" * 100_000}
    yield page_of(place, "markup", folder / "0.evj.gz", folder / "3.evj.gz")
    yield page_of(place, "markup-and-call", CALLS / "good.evj.gz", folder / "3.evj.gz")
    for name, text in long.items():
        keys = {"opaque_id", "reason", "display", "dtls", "sdp", "id"}
        journal = recorded(place, name, poisoned(sample("dtlsfail"), text, keys))
        yield page_of(place, name, recorded(place, f"{name}-other", sample("echo2")), journal)


def real_pages(place):
    yield page_of(place, "failing", CALLS / "good.evj.gz", CALLS / "failing.evj.gz")
    yield page_of(place, "identical", CALLS / "good.evj.gz", CALLS / "good.evj.gz")
    for a, b in (("room", "feed-leaves"), ("echo-websocket", "no-vp8"), ("echo-http", "mute"), ("echo-http", "ice-restart")):
        yield page_of(place, f"{a}-{b}", RECORDINGS / a / "01.evj.gz", RECORDINGS / b / "02.evj.gz")


# ---- claims ----

def check(faults, seen, at):
    def holds(condition, claim, detail):
        faults.check(condition, claim, f"{at}: {detail}")
    holds(seen["requests"][0] == seen["url"] and set(seen["requests"]) == {seen["url"]}, "it loads nothing", seen["requests"])
    holds(not seen["complaints"], "the browser has nothing to complain of", seen["complaints"])
    strange = (set(seen["elements"]) - ELEMENTS) | (set(seen["attributes"]) - ATTRIBUTES)
    holds(not strange, "it consists of what evj writes", strange)
    holds(seen["owned"] == "undefined", "nothing runs", seen["owned"])
    holds(not seen["bare"], "its policy lets its own style through", "")
    holds(not seen["leadNowhere"] and not seen["idsTwice"], "each link leads to one place on the page",
          (seen["leadNowhere"][:5], seen["idsTwice"][:5]))
    levels = [0, *seen["headings"]]
    holds(levels.count(1) == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), "its headings are an outline", levels)
    holds(seen["language"] == "en" and seen["title"] and not seen["unnamed"] and not seen["tablesWithoutHeads"],
          "all in it has a name for who does not see it", (seen["unnamed"], seen["tablesWithoutHeads"]))
    holds(not any(excess > 0 for excess in seen["overflow"].values()), "it scrolls in one direction, on a phone too", seen["overflow"])
    holds(all(least["ratio"] >= 4.5 for least in seen["contrast"].values()), "it can be read, light, dark and printed", seen["contrast"])
    holds(0 < seen["sheets"] <= 200, "it can be printed", seen["sheets"])
    holds(not seen["byMouse"]["failed"], "without scripts, a difference leads to its place", seen["byMouse"])
    holds(seen["byMouse"]["least"]["ratio"] >= 4.5, "where a link led can be read", seen["byMouse"]["least"])
    holds(seen["byKeyboard"], "by keyboard too", seen["byKeyboard"])


def pages_of_real_calls(tap):
    browser.require()
    faults = Faults()
    with Place() as place:
        found = looked_at(place, list(real_pages(place)))
    for name, seen in found.items():
        check(faults, seen, name)
    faults.tell(tap, "real calls")
    tap.equal(found["failing"]["byMouse"]["count"], 4, "the differences of a call that fails are links")
    tap.ok("Different: first, “dtls connected” in A, “dtls failed” in B." in found["failing"]["text"], "its verdict is a sentence",
           found["failing"]["text"][:200])
    tap.ok("Identical" in found["identical"]["text"], "that of one call is another", found["identical"]["text"][:200])


def pages_of_hostile_journals(tap):
    browser.require()
    faults = Faults()
    with Place() as place:
        pages = list(hostile_pages(place))
        sizes = {page.stem: page.stat().st_size for page in pages}
        found = looked_at(place, pages)
    for name, seen in found.items():
        check(faults, seen, name)
        faults.check(sizes[name] < SIZE_MAX, "it stays small", f"{name}: {sizes[name]}")
    faults.tell(tap, "hostile journals")
    tap.ok(SHOWN in found["markup"]["text"], "what would be markup is shown as it stands", found["markup"]["text"][:500])
    tap.ok("(100000 characters)" in found["long"]["text"], "what is too long is cut, and said", found["long"]["text"][:500])


def a_page_of_many_sessions(tap):
    browser.require()
    faults = Faults()
    count = 1200
    with Place() as place:
        whole, lacking = many_sessions(place, "whole", count), many_sessions(place, "lacking", count, "webrtcup")
        page = page_of(place, "many", whole, lacking)
        size = page.stat().st_size
        seen = looked_at(place, [page])["many"]
    check(faults, seen, "many")
    faults.tell(tap, "1200 sessions")
    tap.ok(size < SIZE_MAX and seen["count"] < COUNT_MAX, "the page stays small", (size, seen["count"]))
    tap.ok(f"{count} pairs of sessions" in seen["text"] and "… and 700 more" in seen["text"],
           "an overview says how many there are, and how many it leaves out", seen["text"][:1000])


if __name__ == "__main__":
    pages_tap = Tap()
    pages_tap.run(pages_of_real_calls, pages_of_hostile_journals, a_page_of_many_sessions)
    pages_tap.done()
