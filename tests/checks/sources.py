# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are the project's sources."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "e2e"))  # tap.py

NOT_SOURCES = ("build", ".git", "demo", "node_modules", "__pycache__")


def tracked(root=ROOT):
    """Paths below `root`, relative: what git knows or would add, or every file outside a checkout."""
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={root}", "ls-files", "-co", "--exclude-standard"],
            cwd=root, capture_output=True, text=True, check=True).stdout
        return [path for path in map(pathlib.Path, listed.splitlines()) if (root / path).is_file()]
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(NOT_SOURCES)]
        found += [(pathlib.Path(folder) / name).relative_to(root) for name in files]
    return found


def of_kind(*suffixes, root=ROOT):
    return sorted(path for path in tracked(root) if path.suffix in suffixes)
