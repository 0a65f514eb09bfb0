# SPDX-License-Identifier: GPL-3.0-or-later
"""Namespaces of the test's own, for what must not touch the machine.

Small file systems to fill up; and a network card with one known address (Janus offers no candidates on
a loopback interface, and which cards a machine has should not decide a test). Both vanish with the
program. An ordinary user gets them too where the kernel allows user namespaces.
"""

import os
import subprocess
import sys

INSIDE = "EVJ_TEST_NAMESPACE"
ADDRESS = "192.0.2.10"  # a documentation network: it exists nowhere
CARD = "evj0"
NETWORK = (f"ip link set lo up && ip link add {CARD} type veth peer name evj1"
           f" && ip address add {ADDRESS}/24 dev {CARD} && ip link set {CARD} up && ip link set evj1 up")
# For each kind: what unshare(1) is asked for, and what must be permitted inside.
KINDS = {
    "mounts": (["--mount", "--propagation", "private"], "mount -t tmpfs none /mnt"),
    "network": (["--net", "--uts"], NETWORK),
}


def unshare(kind):
    return ["unshare", *KINDS[kind][0], *([] if os.geteuid() == 0 else ["--map-root-user"])]


def permitted(kind):
    """May a program that this one starts enter a namespace of its own?"""
    return succeeds(unshare(kind) + ["sh", "-c", KINDS[kind][1]])


def enter(kind):
    """Start this program again inside a namespace of its own. False when that is not permitted."""
    if INSIDE in os.environ:
        return os.environ[INSIDE] == kind and (kind == "mounts" or succeeds(["sh", "-c", KINDS[kind][1]]))
    os.environ[INSIDE] = kind if permitted(kind) else "none"
    if os.environ[INSIDE] == kind:
        sys.stdout.flush()
        os.execvp("unshare", unshare(kind) + [sys.executable] + sys.argv)
    return False


def mount(place, name, options):
    """A small file system in a test's folder, until the test ends. Returns its path."""
    path = place.folder(name)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", path], check=True)
    place.stack.callback(subprocess.run, ["umount", "--lazy", path], check=False)
    return path


def make_read_only(place, path):
    """As seen by whoever opens something there from now on: a disk with open files cannot be changed itself."""
    subprocess.run(["mount", "--bind", path, path], check=True)
    place.stack.callback(subprocess.run, ["umount", "--lazy", path], check=False)
    subprocess.run(["mount", "-o", "remount,bind,ro", path], check=True)


def make_writable(path):
    subprocess.run(["mount", "-o", "remount,bind,rw", path], check=True)


def succeeds(argv):
    try:
        return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        return False
