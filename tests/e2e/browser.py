# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser as caller: see webrtc/drive.js."""

import os
import pathlib
import shutil
import subprocess

from tap import Missing

DRIVER = pathlib.Path(__file__).resolve().parent / "webrtc" / "drive.js"
JANUS_JS = pathlib.Path("/usr/share/javascript/janus-gateway/janus.js")


def modules_folder():
    """Where scripts/setup puts the npm packages: the same rule as there."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/var/tmp"), ".cache")
    return pathlib.Path(cache) / "evj" / "webrtc" / "node_modules"


def require():
    """Raise Missing, with what to install, unless a browser can be driven here."""
    needed = {
        "node": shutil.which("node"), "chromium": shutil.which("chromium"),
        "libjs-janus-gateway": JANUS_JS.exists(),
        "npm package playwright-core": (modules_folder() / "playwright-core").exists(),
        "npm package webrtc-adapter": (modules_folder() / "webrtc-adapter").exists(),
    }
    lacking = [name for name, found in needed.items() if not found]
    if lacking:
        raise Missing(f"{', '.join(lacking)} not installed; scripts/setup browser installs them")


def call(place, janus, scenario, seconds=2, timeout=150):
    """Run one scenario against this Janus. Returns the driver's exit status and what it said."""
    require()
    env = {"NODE_PATH": str(modules_folder()), "TMPDIR": str(place.folder("browser"))}
    driver = place.start(["node", DRIVER, scenario, janus.ws_url, str(seconds)], f"{scenario}.log", env)
    try:
        return driver.popen.wait(timeout), driver.log
    except subprocess.TimeoutExpired:
        driver.end()
        return None, driver.log + f"\nno end after {timeout} s"
