"""The one door through which the program speaks to other systems.

A host is looked up once, each of its addresses is checked, and the connection goes to a checked address and no other:
a name that changes its meaning in between changes nothing. TLS still proves the host's name. No redirect is followed,
no proxy is taken from the environment, and the whole exchange has one time limit and one size limit.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from guanxi.platform.outgoing.addresses import Address, Target, require_registered, resolve, target_of
from guanxi.platform.outgoing.recipients import Recipients, registered
from guanxi.platform.outgoing.trusting import Unreachable, trust

SECONDS = 10.0
MAX_ANSWER_BYTES = 1_000_000
_SLICE = 16_384


@dataclass(frozen=True)
class Answer:
    """What the other side said: its status, and at most a megabyte of body, exactly as it was sent."""

    status: int
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the other side took what was sent."""
        return 200 <= self.status < 300


def send(
    method: str,
    url: str,
    *,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    recipients: Recipients | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Send one request and return the answer, whatever its status; a redirect is an answer like any other.

    Raises Invalid when the address must not be spoken to (it never will be), Unreachable when something may pass.
    """
    deadline = _Deadline(seconds)
    to = recipients if recipients is not None else registered()
    target = target_of(url)
    require_registered(target, to)
    try:
        addresses = resolve(target, to, deadline.left())
    except OSError as error:
        raise Unreachable(f"{target.host}: {error}") from error
    transport = _Pinned(addresses, deadline)
    # httpx finds no proxies and no passwords of its own (trust_env); the answer is taken as it comes, never unpacked.
    told = {"Accept-Encoding": "identity", "User-Agent": "Guanxi", **(headers or {})}
    with httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=seconds) as client:
        try:
            with client.stream(method, _url(target), content=content, headers=told) as answer:
                return Answer(answer.status_code, _limited(answer.iter_raw(_SLICE)))
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise Unreachable(f"{target.host}: {type(error).__name__} {error}".rstrip()) from error


def _url(target: Target) -> httpx.URL:
    return httpx.URL(scheme=target.scheme, host=target.host, port=target.port, raw_path=target.path.encode())


def _limited(parts: Iterable[bytes]) -> bytes:
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            raise Unreachable(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
    return bytes(body)


class _Deadline:
    """One time limit for everything from the look-up of the name to the last byte of the answer."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """How many seconds remain. Raises httpcore.ReadTimeout when none do."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("the time for the whole exchange is over")
        return seconds


class _Pinned(httpx.BaseTransport):
    """A transport for one request whose connection goes to the given addresses only, whatever the host is called."""

    def __init__(self, addresses: list[Address], deadline: _Deadline) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust(), network_backend=_Backend(addresses, deadline), max_connections=1, retries=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand the request over; the body of the answer is read by whoever asked."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Any:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()


class _Backend(httpcore.NetworkBackend):
    """Connects to the checked addresses, one after the other, instead of asking for the name again."""

    def __init__(self, addresses: list[Address], deadline: _Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        for address in self._addresses[:-1]:
            try:
                return self._connect(address, port, self._deadline.left() / 2)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(self._addresses[-1], port, self._deadline.left())

    def _connect(self, address: Address, port: int, seconds: float) -> httpcore.NetworkStream:
        return _Timed(self._network.connect_tcp(str(address), port, timeout=seconds), self._deadline)


class _Timed(httpcore.NetworkStream):
    """A connection each of whose steps may take no longer than what is left for all of them."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _SLICE):
            self._stream.write(buffer[start : start + _SLICE], self._deadline.left())

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
