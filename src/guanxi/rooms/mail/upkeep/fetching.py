"""Fetching what came in: each mailbox by a job of its own with a time limit, so that one that hangs holds no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Problem
from guanxi.kernel.messages import Message
from guanxi.kernel.mime import read_mail
from guanxi.platform.calendar import local, now
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.outbox import is_quarantined
from guanxi.platform.jobs.registry import job, scheduled
from guanxi.platform.jobs.starting import start
from guanxi.platform.outgoing import imap
from guanxi.platform.outgoing.trusting import Unreachable
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context, system_context
from guanxi.rooms.mail.actions import take_in
from guanxi.rooms.mail.actions.boxes import FETCH_JOB, TEST_JOB
from guanxi.rooms.mail.actions.filing import digest_of
from guanxi.rooms.mail.models import Letter, Mailbox, MailboxState
from guanxi.rooms.mail.policies import LARGEST_MAIL_MB, MAILS_AT_A_TIME
from guanxi.rooms.mail.upkeep.health import failed, server_of, went_well
from guanxi.rooms.mail.upkeep.sending import knock

MEGABYTE = 1024 * 1024
MOST_FILES = 20
_EVERY = timedelta(minutes=3)


@scheduled("mail.fetch_all", every=_EVERY)
def fetch_all(at: datetime) -> None:
    """Have every connected mailbox fetched that is not being fetched already and need not be left in peace."""
    if is_quarantined():
        return
    ready = Mailbox.objects.filter(Q(paused_until=None) | Q(paused_until__lte=at), state=MailboxState.ACTIVE,
                                   deleted_at=None).exclude(imap_host="")  # fmt: skip
    running = Job.objects.filter(kind=FETCH_JOB, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    busy = {payload.get("mailbox") for payload in running.values_list("payload", flat=True)}
    for key in ready.order_by("pk").values_list("pk", flat=True):
        if str(key) not in busy:
            start(FETCH_JOB, None, {"mailbox": key}, at=at)


@job(FETCH_JOB, title=_("Fetch mail"), attempts=1)
def fetch(progress: Any, /, mailbox: str) -> dict[str, Any]:
    """Fetch what is new in one mailbox. After a failure, noted on the mailbox, that is left in peace for a while."""
    box = _box(mailbox)
    if box is None or box.owner is None or box.state != MailboxState.ACTIVE or not box.imap_host:
        return {"fetched": 0}
    at = now()
    count = 0
    try:
        largest = value_of(LARGEST_MAIL_MB, local(at).date()) * MEGABYTE
        after = imap.Position(box.generation, box.last_number)
        with imap.inbox(server_of(box, "imap"), largest) as inbox:
            for mail in inbox.mails(box.since, after, value_of(MAILS_AT_A_TIME, local(at).date())):
                count += _keep(box, mail, at)
    except (Problem, Unreachable) as problem:
        failed(box, at, _told(problem))
        return {"fetched": count, "error": _told(problem)}
    went_well(box, at)
    return {"fetched": count}


@job(TEST_JOB, title=_("Test a mailbox"), attempts=1)
def test(progress: Any, /, mailbox: str) -> dict[str, Any]:
    """Ask both servers of a mailbox whether they let us in; the answer stands on the mailbox."""
    box = _box(mailbox)
    if box is None:
        return {}
    at = now()
    try:
        if box.smtp_host:
            knock(box)
        if box.imap_host:
            with imap.inbox(server_of(box, "imap"), MEGABYTE):
                pass
    except (Problem, Unreachable) as problem:
        failed(box, at, _told(problem))
        return {"error": _told(problem)}
    went_well(box, at)
    return {}


def _box(key: str) -> Mailbox | None:
    found = Mailbox.objects.select_related("owner", "department").filter(pk=UUID(key), deleted_at=None)
    return found.first()


def _told(problem: Problem | Unreachable) -> str:
    return problem.message.plain if isinstance(problem, Problem) else str(problem)


def _keep(box: Mailbox, mail: imap.Fetched, at: datetime) -> int:
    """Take one mail in unless it is known, and note how far the mailbox was read; 1 for a new one."""
    assert box.owner is not None
    ctx = system_context(box.owner, source="job", now=at)
    raw = mail.content
    if raw is None:
        raw = _too_large(mail)
    read = read_mail(raw)
    digest = digest_of(read)
    is_new = not Letter.objects.filter(mailbox=box, digest=digest).exists()
    kept = _kept(ctx, read) if is_new else []
    with transaction.atomic():
        if is_new:
            take_in(ctx, box, read, digest, kept)
        Mailbox.objects.filter(pk=box.pk).update(generation=mail.position.generation, last_number=mail.position.last)
    return int(is_new)


def _too_large(mail: imap.Fetched) -> bytes:
    """In the place of a mail that is too large: a word that it waits on the server."""
    text = Message("A mail of %(size)s MB was not fetched; read it in the mailbox itself.",
                   size=mail.size // MEGABYTE)  # fmt: skip
    place = f"{mail.position.generation}-{mail.position.last}"
    head = f"Message-ID: <{place}@too-large.invalid>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return head.encode() + str(text).encode()


def _kept(ctx: Context, read: Any) -> list[tuple[str, StoredFile | None, str]]:
    """The files of a mail, each through the same checks as an upload; of what is not taken, the name and why."""
    kept: list[tuple[str, StoredFile | None, str]] = []
    for number, each in enumerate(read.files):
        if number >= MOST_FILES:
            kept.append((each.name, None, str(Message("Too many files."))))
            continue
        try:
            kept.append((each.name, store(each.content, each.name, None, ctx.now), ""))
        except Problem as problem:
            kept.append((each.name, None, _why(problem)))
    return kept


def _why(problem: Problem) -> str:
    errors = getattr(problem, "errors", {})
    return " ".join(str(text) for texts in errors.values() for text in texts) or str(problem.message)
