"""Mailboxes: their password, connecting and testing them, fetching (each as a job: nobody waits for a server)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.jobs.starting import start
from guanxi.platform.outgoing.lines import require_allowed
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import KINDS, asked
from guanxi.records.registry import Registered
from guanxi.records.standard import EDIT
from guanxi.records.work import Work
from guanxi.rooms.mail.models import Mailbox, MailboxState
from guanxi.rooms.mail.rules import must_be_ready

TEST_JOB, FETCH_JOB = "mail.test", "mail.fetch"
#: What a password is given to: where one of these changes, it is entered anew.
_GIVEN_TO = frozenset(
    {"username", "smtp_host", "smtp_port", "smtp_security", "imap_host", "imap_port", "imap_security"}
)


def complete_mailbox(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Only servers that the operator has registered; fetching begins today unless another day is named."""
    for side in ("smtp", "imap"):
        host = values.get(f"{side}_host", getattr(record, f"{side}_host", ""))
        if not host or not values.keys() & {f"{side}_host", f"{side}_port"}:
            continue
        try:
            require_allowed(host, values.get(f"{side}_port") or getattr(record, f"{side}_port", 0) or 0)
        except Invalid as problem:
            raise Invalid({f"{side}_host": problem.errors[""]}) from problem
    if record is None or "since" in values:
        values = {**values, "since": values.get("since") or (record.since if record else ctx.today)}
    return values


def _execute_edit(ctx: Context, known: Registered, works: list[Work]) -> None:
    """The password goes to the server it was entered for and to no other one."""
    write = EDIT.execute
    assert write is not None
    for work in works:
        if any(known.field(name).value(work.record) != work.values[name] for name in _GIVEN_TO & work.values.keys()):
            work.values["state"] = MailboxState.OFF
            Mailbox.objects.filter(pk=work.record.pk).update(password="")
    write(ctx, known, works)
    for work in works:
        if "state" in work.changes:
            ctx.tell(Message("The server or the user name has changed: enter the password again, then connect it."))


EDIT_MAILBOX = dataclasses.replace(EDIT, execute=_execute_edit)


def _perform_password(ctx: Context, box: Mailbox, values: dict[str, Any]) -> None:
    # A hidden column is no field of the record: the pipeline neither saves, shows nor audits what it holds.
    box.password = values["password"]
    box.save(update_fields=["password"])


_PASSWORD = asked("password", _("password"), models.CharField(max_length=200), required=True,
                  help=_("Sealed at once and never shown again."))  # fmt: skip

SET_PASSWORD = Action(
    name="set_password", label=_("Enter the password"), icon="password-user",
    inputs=(dataclasses.replace(_PASSWORD, kind=dataclasses.replace(KINDS["text"], widget="password")),),
    perform=_perform_password, undoable=False,
)  # fmt: skip


def _ready(ctx: Context, box: Any, values: Mapping[str, Any]) -> Decision:
    return must_be_ready(bool(box.smtp_host or box.imap_host), bool(box.username), bool(box.password))


def _begin_anew(ctx: Context, box: Mailbox, values: dict[str, Any]) -> None:
    """Forget former failures."""
    box.failures, box.paused_until, box.last_error = 0, None, ""


def _perform_test(ctx: Context, box: Mailbox, values: dict[str, Any]) -> None:
    start(TEST_JOB, ctx.actor, {"mailbox": box.pk}, at=ctx.now)
    ctx.tell(Message("The servers are being asked. The result stands on the mailbox's page in a moment."))


def _perform_fetch(ctx: Context, box: Mailbox, values: dict[str, Any]) -> None:
    if not box.imap_host:
        raise Conflict(Message("This mailbox has no server for incoming mail."))
    _begin_anew(ctx, box, values)
    start(FETCH_JOB, ctx.actor, {"mailbox": box.pk}, at=ctx.now)


TEST_MAILBOX = Action(
    name="test_mailbox", label=_("Test the connection"), icon="plug", rules=(_ready,), perform=_perform_test,
    undoable=False,
)  # fmt: skip
SWITCH_ON = Action(
    name="connect_mailbox", label=_("Connect"), icon="plug", tone="ink", rules=(_ready,),
    states=(MailboxState.OFF,), to_state=MailboxState.ACTIVE, perform=_begin_anew, undoable=False,
)  # fmt: skip
SWITCH_OFF = Action(
    name="disconnect_mailbox", label=_("Disconnect"), icon="plug-off", states=(MailboxState.ACTIVE,),
    to_state=MailboxState.OFF, undoable=False,
)  # fmt: skip
FETCH_NOW = Action(
    name="fetch_now", label=_("Fetch now"), icon="refresh", states=(MailboxState.ACTIVE,), perform=_perform_fetch,
    undoable=False,
)  # fmt: skip
