# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake of a disk that fails or hangs, in front of a real program: see tests/support/fake_disk.h."""

import errno
import mmap
import os
import struct

from harness import await_true
from tap import Missing

LIBRARY = os.environ.get("EVJ_FAKE_DISK_LIBRARY", "libfake_disk.so")
CALLS = ("open", "write", "sync", "cut", "name", "look")
# The order of struct fake_disk: errors, refusals so far, and then:
SETTINGS = ("interrupt", "shortened", "full_after", "stuck", "waiting")
NUMBERS = 2 * len(CALLS) + len(SETTINGS)


class FakeDisk:
    """The disk on which `folder` lies, for programs that are started with its `environment`."""

    def __init__(self, place, folder):
        if not os.path.exists(LIBRARY):
            raise Missing(f"the fake disk is not built ({LIBRARY})")
        path = place.path / "fake-disk"
        path.write_bytes(bytes(4 * NUMBERS))
        file = place.stack.enter_context(open(path, "r+b"))
        self.memory = mmap.mmap(file.fileno(), 4 * NUMBERS)
        self.environment = {"LD_PRELOAD": os.path.abspath(LIBRARY), "EVJ_FAKE_DISK": str(path),
                            "EVJ_FAKE_FOLDER": str(folder)}

    def _put(self, index, number):
        struct.pack_into("=i", self.memory, 4 * index, number)

    def _get(self, index):
        return struct.unpack_from("=i", self.memory, 4 * index)[0]

    def fail(self, error=errno.EIO, calls=CALLS):
        """These calls fail from here on, with this error; 0: they work."""
        for call in calls:
            self._put(CALLS.index(call), error)

    def refused(self):
        """How many calls have failed so far."""
        return sum(self._get(len(CALLS) + index) for index in range(len(CALLS)))

    def hang(self):
        """No call returns from here on. Waits until there is one that would."""
        self._put(2 * len(CALLS) + SETTINGS.index("stuck"), 1)
        await_true(lambda: self._get(2 * len(CALLS) + SETTINGS.index("waiting")) > 0,
                   "a call waits for the disk")

    def go_on(self):
        self._put(2 * len(CALLS) + SETTINGS.index("stuck"), 0)
