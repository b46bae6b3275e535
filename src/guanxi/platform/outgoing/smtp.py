"""Handing a mail to the server of a mailbox."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.outgoing.lines import STARTTLS, MailServer, line_to
from guanxi.platform.outgoing.trusting import Unreachable, trust

SECONDS = 30.0
_OURSELVES = "guanxi"


class _Client(smtplib.SMTP):
    """The library's client over a connection that was made already, to a checked address."""

    def __init__(self, given: socket.socket, server: MailServer) -> None:
        self._given = given
        super().__init__(server.host, server.port, local_hostname=_OURSELVES)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        return self._given


def hand_over(server: MailServer, sender: str, recipients: Sequence[str], content: bytes) -> None:
    """Give one mail to the server for these recipients; it takes it for all of them, or it counts as not sent.

    Raises Conflict for what trying again does not change (a wrong password, an address that is not taken), Invalid
    when the server must not be spoken to, Unreachable otherwise.
    """
    _with(server, lambda client: _send(client, sender, recipients, content))


def knock(server: MailServer) -> None:
    """Sign in and leave again, to see whether it works; raises as `hand_over` does."""
    _with(server, lambda client: client.noop())


def _with(server: MailServer, act: Any) -> None:
    try:
        with line_to(server, SECONDS) as connection:
            client = _Client(connection, server)
            try:
                _sign_in(client, server)
                act(client)
                _leave(client)
            finally:
                client.close()
    except smtplib.SMTPAuthenticationError as error:
        raise Conflict(_refused(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _answer(code, text) from error
    except smtplib.SMTPResponseException as error:
        raise _answer(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Conflict(Message("The mail server does not offer what was asked for: %(error)s", error=error)) from error
    except (OSError, UnicodeError, ValueError) as error:
        raise Unreachable(f"{server.host}: {type(error).__name__} {error}") from error


def _sign_in(client: smtplib.SMTP, server: MailServer) -> None:
    if server.security == STARTTLS:
        client.starttls(context=trust())
    client.ehlo()
    if server.username:
        client.login(server.username, server.password)


def _send(client: smtplib.SMTP, sender: str, recipients: Sequence[str], content: bytes) -> None:
    client.mail(sender)
    for recipient in recipients:
        code, text = client.rcpt(recipient)
        if code not in (250, 251):
            raise smtplib.SMTPRecipientsRefused({recipient: (code, text)})
    code, text = client.data(content)
    if code != 250:
        raise smtplib.SMTPDataError(code, text)


def _leave(client: smtplib.SMTP) -> None:
    # It has the mail: whether it says goodbye does not matter, and the mail must not go out twice for it.
    with suppress(smtplib.SMTPException, OSError):
        client.quit()


def _answer(code: int, text: bytes | str) -> Exception:
    return Conflict(_refused(code, text)) if code >= 500 else Unreachable(f"{code} {_plain(text)}")


def _refused(code: int, text: bytes | str) -> Message:
    return Message("The mail server refuses (%(code)s): %(text)s", code=code, text=_plain(text))


def _plain(text: bytes | str) -> str:
    return (text.decode("utf-8", "replace") if isinstance(text, bytes) else text)[:300]
