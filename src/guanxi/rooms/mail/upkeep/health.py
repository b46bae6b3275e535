"""How a mailbox does: noted after each attempt, and left in peace for a while after a failure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from guanxi.platform.jobs.outbox import retry_delay
from guanxi.platform.outgoing.lines import MailServer
from guanxi.rooms.mail.models import Mailbox

_LENGTH = 500


def went_well(box: Mailbox, at: datetime) -> None:
    """The servers answered."""
    Mailbox.objects.filter(pk=box.pk).update(failures=0, paused_until=None, last_error="", last_success_at=at)


def failed(box: Mailbox, at: datetime, error: str) -> None:
    """They did not, or refused: nothing more is tried for a while, which grows with every failure."""
    Mailbox.objects.filter(pk=box.pk).update(
        failures=F("failures") + 1, paused_until=at + retry_delay(box.failures + 1), last_error=error[:_LENGTH],
        last_error_at=at,
    )  # fmt: skip


def server_of(box: Mailbox, side: str) -> MailServer:
    """The server of one side ("smtp" or "imap"), with the opened password: for handing on, never for showing."""
    sealed: Any = box.password
    password = sealed.plain if sealed else ""
    return MailServer(
        getattr(box, f"{side}_host"), getattr(box, f"{side}_port"), getattr(box, f"{side}_security"), box.username,
        password,
    )  # fmt: skip
