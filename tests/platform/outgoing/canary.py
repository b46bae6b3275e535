"""Servers of the test on loopback: what reaches them has got past the check."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Canary:
    """A server that keeps what it was asked: every connection is a hit, even one that says nothing."""

    port: int
    connections: int = 0
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    #: What it answers: status, headers, body.
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"ok")
    #: Instead of an answer: (the raw connection) to whatever the test wants to do with it.
    instead: Callable[[Any], None] | None = None


@contextlib.contextmanager
def canary(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Canary]:
    """A running canary on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            told.connections += 1
            if told.instead is not None:
                with contextlib.suppress(OSError):
                    told.instead(self.connection)
                return
            super().handle()

        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.requests.append((self.command, self.path, dict(self.headers), body))
            status, headers, content = told.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(content)

        do_GET = do_POST = _take  # noqa: N815 - names of the standard library

        def log_message(self, *ignored: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

        def handle_error(self, *ignored: object) -> None:
            """A client that goes away in the middle is what some tests are about."""

    server = Server((host, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    told = Canary(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
