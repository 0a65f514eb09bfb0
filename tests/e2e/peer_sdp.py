# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDP of a peer that is not there: Janus answers it, and waits for ICE."""

import random

CODECS = {"audio": [(111, "opus/48000/2"), (0, "PCMU/8000")], "video": [(96, "VP8/90000"), (97, "H264/90000")]}


def section(draw, kind, mid, direction, setup):
    fingerprint = ":".join(f"{draw.randrange(256):02X}" for _ in range(32))
    lines = [f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(str(number) for number, _ in CODECS[kind])}",
             "c=IN IP4 0.0.0.0", f"a=mid:{mid}", f"a={direction}", "a=rtcp-mux",
             f"a=ice-ufrag:{draw.randrange(1 << 32):08x}", f"a=ice-pwd:{draw.randrange(1 << 96):024x}",
             f"a=fingerprint:sha-256 {fingerprint}", f"a=setup:{setup}"]
    return lines + [f"a=rtpmap:{number} {codec}" for number, codec in CODECS[kind]]


def describe(number, kinds, direction, setup):
    draw = random.Random(number)
    lines = ["v=0", f"o=- {draw.randrange(1 << 40)} 2 IN IP4 127.0.0.1", "s=-", "t=0 0",
             f"a=group:BUNDLE {' '.join(str(mid) for mid in range(len(kinds)))}"]
    for mid, kind in enumerate(kinds):
        lines += section(draw, kind, mid, direction, setup)
    return "\r\n".join(lines) + "\r\n"


def offer(number, *kinds, direction="sendrecv"):
    """Another one for each number: ids and credentials, and nothing else."""
    return {"type": "offer", "sdp": describe(number, kinds, direction, "actpass")}


def answer(number, *kinds, direction="sendrecv"):
    return {"type": "answer", "sdp": describe(number, kinds, direction, "active")}
