# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake SIP server: it registers everybody, and takes each call itself, or refuses it."""

import re
import socket
import threading

ANSWER = "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
COPIED = ("via", "from", "to", "call-id", "cseq")


class FakeSip:
    """In a network of the test's own. `says`: method → the status lines that it is answered with, one after the other."""

    port = 5060
    usual = {"REGISTER": ["200 OK"], "INVITE": ["180 Ringing", "200 OK"], "BYE": ["200 OK"], "CANCEL": ["200 OK"]}

    def __init__(self, host, says=None):
        self.host, self.says = host, {**self.usual, **(says or {})}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, self.port))
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.socket.sendto(b"", (self.host, self.port))
        self.thread.join()
        self.socket.close()

    def _serve(self):
        while message := self.socket.recvfrom(65536):
            if not message[0]:
                return
            text = message[0].decode()
            for status in self.says.get(text.split(" ", 1)[0], []):
                self.socket.sendto(self._answer(text, status).encode(), message[1])

    def _answer(self, request, status):
        headers = [line for line in request.split("\r\n\r\n")[0].split("\r\n")[1:]
                   if line.split(":")[0].strip().lower() in COPIED]
        headers = [re.sub(r"^(To:[^;]*)$", r"\1;tag=fake", line) for line in headers]
        contact = re.search(r"^Contact:.*$", request, re.MULTILINE)
        if request.startswith("REGISTER") and contact:
            headers.append(contact.group(0).strip())
        body = ""
        if request.startswith("INVITE") and status.startswith("200"):
            headers += [f"Contact: <sip:fake@{self.host}:{self.port}>", "Content-Type: application/sdp"]
            body = ANSWER.format(host=self.host)
        return "\r\n".join([f"SIP/2.0 {status}", *headers, f"Content-Length: {len(body)}", "", body])
