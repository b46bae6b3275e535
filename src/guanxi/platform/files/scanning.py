"""The virus scanner of the company, if it has one: clamd, asked over its socket before a file is kept."""

import socket
from pathlib import Path

from django.conf import settings

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message

TIMEOUT = 20.0
CHUNK_BYTES = 256 * 1024
_LONGEST_ANSWER = 4096


def scan(path: Path) -> None:
    """Raise Invalid (key "file") for a file in which the scanner finds something.

    Without `settings.CLAMD` nothing is asked. With it no file comes in unscanned: Invalid also when the scanner cannot
    be reached, gives up, or answers what is no verdict.
    """
    if not settings.CLAMD:
        return
    try:
        verdict = _ask(settings.CLAMD, path)
    except (OSError, ValueError) as error:
        raise _unanswered() from error
    if verdict.endswith(" FOUND"):
        found = verdict.removeprefix("stream: ").removesuffix(" FOUND")
        raise Invalid({"file": [Message("The virus scanner found something in this file: %(found)s.", found=found)]})
    if verdict != "stream: OK":
        raise _unanswered()


def _ask(address: str, path: Path) -> str:
    """Send the file in pieces (INSTREAM), each behind its length; the answer ends with a zero byte."""
    with _connected(address) as connection, path.open("rb") as file:
        try:
            connection.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK_BYTES):
                connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
            connection.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # It has made up its mind before the end, and says why.
        return _answer(connection)


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), TIMEOUT)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := connection.recv(1024)):
        answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _unanswered() -> Invalid:
    return Invalid(
        {"file": [Message("The virus scanner does not answer, and no file is taken without it. Try again later.")]}
    )
