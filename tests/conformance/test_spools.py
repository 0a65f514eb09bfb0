#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first line of a journal names a spool, and it may be a stranger's: whatever stands there, the
journal's own records are given, nothing hangs, and nothing of a foreign file is printed."""

import os
import pathlib
import struct
import sys
import tempfile

from golden import DATA, EVJ, run, split

from tap import Tap

sys.path.insert(0, str(DATA))
from corpus.events import ALICE, ID, core, created, journal  # noqa: E402
from corpus.writer import Journal, line  # noqa: E402

TIMEOUT_S = 20
SECRET = b'{"seq":2,"mono":3600200000,"event":{"type":1,"secret":true}}\n'
BOOT_ID = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
RECORDS = [core(0), created(1, ALICE)]


def spool_header(magic=b"EVJSPOOL", version=1, header=4096, capacity=65536, id_=ID, boot_id=BOOT_ID,
                 head=0, tail=0):
    page = bytearray(4096)
    struct.pack_into("<8sIIQ40s40s512s", page, 0, magic, version, header, capacity, id_.encode(),
                     boot_id.encode(), b"/nowhere.evj.gz")
    struct.pack_into("<QQQ", page, 640, head, 2, head)
    struct.pack_into("<Q", page, 704, tail)
    return bytes(page)


def make_link(path):
    target = path.with_name("secret")
    target.write_bytes(spool_header(head=len(SECRET)) + SECRET.ljust(65536, b"\0"))
    path.symlink_to(target)


def make_sparse(path):
    """A claim of 8 EiB in a file of one page."""
    path.write_bytes(spool_header(capacity=1 << 63, head=1 << 62))


# What may stand where the first line says that the spool is.
THINGS = {
    "nothing": lambda path: None,
    "a folder": os.mkdir,
    "a pipe that nobody writes": os.mkfifo,
    "a symbolic link to a spool": make_link,
    "a symbolic link to a device": lambda path: path.symlink_to("/dev/zero"),
    "an empty file": lambda path: path.write_bytes(b""),
    "a text": lambda path: path.write_bytes(SECRET * 3000),
    "a spool of a later version": lambda path: path.write_bytes(
        spool_header(version=2, head=len(SECRET)) + SECRET.ljust(65536, b"\0")),
    "another journal's spool": lambda path: path.write_bytes(
        spool_header(id_=ID[::-1], head=len(SECRET)) + SECRET.ljust(65536, b"\0")),
    "a spool whose ring is no power of two": lambda path: path.write_bytes(
        spool_header(capacity=65535, head=len(SECRET)) + SECRET.ljust(65535, b"\0")),
    "a spool whose ring is not all there": lambda path: path.write_bytes(
        spool_header(head=len(SECRET)) + SECRET),
    "a spool that claims to be larger than any file": make_sparse,
    "a spool with more text than its ring holds": lambda path: path.write_bytes(
        spool_header(head=1 << 40) + SECRET.ljust(65536, b"\0")),
    "a spool whose tail is before its head": lambda path: path.write_bytes(
        spool_header(head=10, tail=20) + SECRET.ljust(65536, b"\0")),
}


def journal_naming(folder, spool, boot_id=BOOT_ID):
    path = folder / "journal.evj.gz"
    path.write_bytes(bytes(Journal().block(journal(spool=str(spool), boot_id=boot_id)).block(*RECORDS)))
    return path


def check_harmless(tap, path, claim, status=0):
    """Its own two records and no other, and a note. `status`: 1 where a spool is there, and cannot be read."""
    done = run(EVJ, "cat", "--format", "record", path, timeout=TIMEOUT_S)
    given = split(done.stdout)
    said = done.stderr.decode(errors="replace")
    wanted = [line(record).encode() + b"\n" for record in RECORDS]
    tap.ok(done.returncode == status and given == wanted and "secret" not in said and said, claim,
           f"exit {done.returncode}\n{said}\n{done.stdout.decode(errors='replace')[:500]}")


def whatever_stands_there_is_harmless(tap):
    for what, make in THINGS.items():
        with tempfile.TemporaryDirectory(prefix="evj-spools-") as name:
            folder = pathlib.Path(name)
            spool = folder / f"evj-{ID}.spool"
            make(spool)
            check_harmless(tap, journal_naming(folder, spool), f"instead of a spool: {what}",
                           status=int(spool.is_symlink() or spool.exists()))


def only_a_spool_of_ours_is_opened(tap):
    """A right spool, under a wrong name or of another boot, is not read."""
    with tempfile.TemporaryDirectory(prefix="evj-spools-") as name:
        folder = pathlib.Path(name)
        content = spool_header(head=len(SECRET)) + SECRET.ljust(65536, b"\0")
        spool = folder / f"evj-{ID}.spool"
        spool.write_bytes(content)
        other = folder / "shadow"
        other.write_bytes(content)
        check_harmless(tap, journal_naming(folder, other), "a path that is not a spool's name")
        check_harmless(tap, journal_naming(folder, spool, "0" * 8 + BOOT_ID[8:]), "a spool of another boot")
        done = run(EVJ, "cat", "--format", "record", journal_naming(folder, spool), timeout=TIMEOUT_S)
        tap.equal(split(done.stdout)[2:], [SECRET], "the same spool, rightly named, is read")


if __name__ == "__main__":
    spools_tap = Tap()
    spools_tap.run(whatever_stands_there_is_harmless, only_a_spool_of_ours_is_opened)
    spools_tap.done()
