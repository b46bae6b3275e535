"""Reading the mails of a mailbox by IMAP: from a position on, each once, never the whole box again.

The standard library's client: it takes a connection that was made to a checked address, which the wrappers around it do
not, and five commands are all that is asked.
"""

from __future__ import annotations

import datetime
import imaplib
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.outgoing.lines import STARTTLS, MailServer, line_to
from guanxi.platform.outgoing.trusting import Unreachable, trust

SECONDS = 60.0
_INBOX = "INBOX"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: What one answer may hold beside the mail itself.
_SPARE = 100_000
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True)
class Position:
    """How far a mailbox was read: its generation (UIDVALIDITY) and the last number in it."""

    generation: int = 0
    last: int = 0


@dataclass(frozen=True)
class Fetched:
    """One mail as it lies there; without content where it is larger than what is taken."""

    position: Position
    size: int
    content: bytes | None


class _Client(imaplib.IMAP4):
    """The library's client over a given connection; an answer longer than `most` bytes ends it."""

    def __init__(self, given: socket.socket, server: MailServer, most: int) -> None:
        self._given, self._most = given, most
        super().__init__(server.host, server.port)

    def _create_socket(self, timeout: Any) -> socket.socket:
        return self._given

    def read(self, size: int) -> bytes:
        if size > self._most:
            raise self.abort(f"an answer of {size} bytes")
        return super().read(size)


@contextmanager
def inbox(server: MailServer, largest: int, seconds: float = SECONDS) -> Iterator[Inbox]:
    """The inbox of a mailbox, for reading only.

    Raises Conflict for what trying again does not change, Invalid when the server must not be spoken to, Unreachable
    otherwise.
    """
    try:
        with line_to(server, seconds) as connection:
            client = _Client(connection, server, largest + _SPARE)
            try:
                if server.security == STARTTLS:
                    client.starttls(trust())
                _sign_in(client, server)
                yield Inbox(client, largest)
                _leave(client)
            finally:
                with suppress(OSError):
                    client.shutdown()
    except (imaplib.IMAP4.abort, OSError) as error:
        raise Unreachable(f"{server.host}: {error}") from error
    except imaplib.IMAP4.error as error:
        raise Conflict(Message("The mail server refuses: %(text)s", text=str(error)[:300])) from error


def _sign_in(client: imaplib.IMAP4, server: MailServer) -> None:
    # Names and passwords beyond ASCII go as literals only; the library quotes the others.
    answer, _told = client.login(server.username, server.password)
    if answer != "OK":
        raise client.error("LOGIN")
    if "ID" in client.capabilities:
        # Large Chinese providers let nobody select a folder who has not said which program he is.
        client.xatom("ID", '("name" "Guanxi" "version" "1")')


def _leave(client: imaplib.IMAP4) -> None:
    with suppress(imaplib.IMAP4.error, OSError):
        client.logout()


class Inbox:
    """One opened inbox."""

    def __init__(self, client: imaplib.IMAP4, largest: int) -> None:
        self._client, self._largest = client, largest
        answer, _told = client.select(_INBOX, readonly=True)
        if answer != "OK":
            raise client.error("SELECT")
        _name, told = client.response("UIDVALIDITY")
        self.generation = int(told[0]) if told and told[0] else 0

    def mails(self, since: datetime.date, after: Position, most: int) -> Iterator[Fetched]:
        """What came since that day and lies behind the position, oldest first, at most so many.

        In a box that was built anew the position means nothing: then everything since that day comes again.
        """
        last = after.last if after.generation == self.generation else 0
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        numbers = self._ask("SEARCH", f"UID {last + 1}:*", "SINCE", day)
        found = sorted({int(number) for number in b" ".join(numbers).split() if number.isdigit()})
        for number in [number for number in found if number > last][:most]:
            yield self._fetched(number)

    def _fetched(self, number: int) -> Fetched:
        at = Position(self.generation, number)
        size = _SIZE.search(b" ".join(_flat(self._ask("FETCH", str(number), "(RFC822.SIZE)"))))
        told = int(size[1]) if size else 0
        if told > self._largest:
            return Fetched(at, told, None)
        parts = [part[1] for part in self._ask("FETCH", str(number), "(BODY.PEEK[])") if isinstance(part, tuple)]
        return Fetched(at, told, parts[0] if parts else b"")

    def _ask(self, *command: str) -> list[Any]:
        answer, told = self._client.uid(*command)
        if answer != "OK":
            raise self._client.error(f"UID {command[0]}: {told!r}"[:300])
        return [part for part in told if part is not None]


def _flat(told: list[Any]) -> Iterator[bytes]:
    for part in told:
        yield from part if isinstance(part, tuple) else (part,)
