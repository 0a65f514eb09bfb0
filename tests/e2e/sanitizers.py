# SPDX-License-Identifier: GPL-3.0-or-later
"""Loading a library built with AddressSanitizer into Debian's own janus, which is not."""

import functools
import pathlib
import subprocess


@functools.lru_cache(maxsize=None)
def runtimes(library):
    """Sanitizer runtimes that this library links against, in link order, ASan's first."""
    listed = subprocess.run(["ldd", str(library)], capture_output=True, text=True, check=False).stdout
    paths = [words[2] for words in map(str.split, listed.splitlines())
             if len(words) > 2 and words[0].startswith(("libasan", "libubsan", "libtsan"))]
    return sorted(paths, key=lambda path: "libasan" not in path)


def preload(libraries, environment=None):
    """This environment for a program that loads these libraries; with more in it when one is instrumented.

    The runtime must come before libc, and before all else that does. Leaks are not looked for: they would be
    Janus's own.
    """
    environment = environment or {}
    found = [path for library in libraries if pathlib.Path(library).exists()
             for path in runtimes(library)]
    if not found:
        return environment
    others = [environment["LD_PRELOAD"]] if "LD_PRELOAD" in environment else []
    return {**environment, "LD_PRELOAD": ":".join(dict.fromkeys(found + others)),
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:abort_on_error=1"}
