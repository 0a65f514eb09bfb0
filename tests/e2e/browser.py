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


def start(place, url, scenario, **options):
    """Begin one scenario against the Janus at this address. Returns the driver, a harness.Process."""
    require()
    env = {"NODE_PATH": str(modules_folder()), "TMPDIR": str(place.folder("browser"))}
    settings = [f"{name}={value}" for name, value in options.items()]
    return place.start(["node", DRIVER, scenario, url, *settings], f"{scenario}.log", env)


def finish(driver, timeout=150):
    """Wait for the scenario's end. Returns the driver's exit status and what it said."""
    try:
        return driver.popen.wait(timeout), driver.log
    except subprocess.TimeoutExpired:
        driver.end()
        return None, driver.log + f"\nno end after {timeout} s"


def call(place, janus, scenario, seconds=2):
    """Run one scenario against this Janus, over a WebSocket."""
    return finish(start(place, janus.ws_url, scenario, seconds=seconds))
