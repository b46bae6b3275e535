"""Connections to mail servers, under the rules of everything that leaves: registered hosts, checked addresses.

A company's own server may stand in its own network: that the operator says, by `GUANXI_OUTGOING_NETWORKS`.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.outgoing.addresses import Address, Target, host_of, is_public, require_registered, resolve
from guanxi.platform.outgoing.recipients import registered
from guanxi.platform.outgoing.trusting import Unreachable, trust

TLS, STARTTLS, PLAIN = "tls", "starttls", "plain"


@dataclass(frozen=True)
class MailServer:
    """One server of a mailbox, and as whom to sign in. `security`: "tls", "starttls", or "plain" in our own network."""

    host: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)


def require_allowed(host: str, port: int) -> None:
    """Refuse, without asking the network, a server that nothing may be sent to. Raises Invalid."""
    require_registered(_target(host, port), registered())


def _target(host: str, port: int) -> Target:
    if not 0 < port < 65536:
        raise Invalid(Message("%(port)s is not a port.", port=str(port)))
    return Target("mail", host_of(host.strip()), port, "")


@contextmanager
def line_to(server: MailServer, seconds: float) -> Iterator[socket.socket]:
    """A connection to the server, cut after so many seconds whatever the other side does; encrypted from its beginning
    where the server is asked for TLS.

    Raises Invalid when it must not be spoken to, Unreachable when it cannot be reached; what happens on the line
    (OSError) is for who holds it.
    """
    to = registered()
    target = _target(server.host, server.port)
    require_registered(target, to)
    ends = time.monotonic() + seconds
    try:
        addresses = resolve(target, to, seconds)
        if server.security == PLAIN and any(is_public(address) for address in addresses):
            raise Invalid(Message("A password travels unencrypted within our own network only: choose TLS."))
        raw = _connected(addresses, target.port, ends)
    except OSError as error:
        raise Unreachable(f"{target.host}: {error}") from error
    cut = _Cut(raw, ends)
    try:
        yield _encrypted(raw, target.host) if server.security == TLS else raw
    finally:
        cut.off()
        raw.close()


def _connected(addresses: list[Address], port: int, ends: float) -> socket.socket:
    for address in addresses[:-1]:
        try:
            return socket.create_connection((str(address), port), max(0.1, (ends - time.monotonic()) / 2))
        except OSError:
            continue
    return socket.create_connection((str(addresses[-1]), port), max(0.1, ends - time.monotonic()))


def _encrypted(raw: socket.socket, host: str) -> socket.socket:
    try:
        return trust().wrap_socket(raw, server_hostname=host)
    except OSError as error:
        raise Unreachable(f"{host}: {error}") from error


class _Cut:
    """Ends a connection at its time, also one on which a drop comes now and then: whoever reads sees its end."""

    def __init__(self, connection: socket.socket, ends: float) -> None:
        connection.settimeout(max(0.1, ends - time.monotonic()))
        # A handle of its own: the connection itself is handed on when it is encrypted later.
        self._handle = socket.socket(fileno=os.dup(connection.fileno()))
        self._timer = threading.Timer(max(0.1, ends - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with suppress(OSError):  # it may be over already
            self._handle.shutdown(socket.SHUT_RDWR)

    def off(self) -> None:
        """The connection is over in time."""
        self._timer.cancel()
        self._timer.join(1)
        self._handle.close()
