# SPDX-License-Identifier: GPL-3.0-or-later
"""sampleevh's other end: an HTTP server that keeps every body, and answers as it is told to."""

import gzip
import http.server
import threading

from backends import Backend

USER, PASSWORD = "evj", "secret"


class Web(Backend):
    name = handler_name = "sampleevh"
    otherwise = {"grouping": True}

    def __init__(self, place):
        super().__init__()
        self.status = 200
        self.answering = threading.Event()  # cleared: requests wait
        self.answering.set()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._request_handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        place.stack.callback(self.server.server_close)
        place.stack.callback(self.server.shutdown)
        place.stack.callback(self.answering.set)

    def _request_handler(self):
        backend = self

        class Request(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                backend.answering.wait()
                backend.take_post(self.path, self.headers, body)
                self.send_response(backend.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Request

    def take_post(self, path, headers, body):
        zipped = headers["Content-Encoding"] == "gzip"
        self.put(path, gzip.decompress(body) if zipped else body,
                 f"{headers['Content-Type']}, {headers['Content-Encoding']}, {headers['Authorization']}")

    def settings(self):
        return {"backend": f"http://127.0.0.1:{self.server.server_port}/evj-events",
                "backend_user": USER, "backend_pwd": PASSWORD}
