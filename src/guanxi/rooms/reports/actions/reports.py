"""Keeping a report, sharing it, deleting a folder, planning when a file of it comes next."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.access.grants import end_grants, give_grant
from guanxi.platform.access.models import AccessGrant, Role
from guanxi.platform.people.models import Person
from guanxi.records.actions import Action
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import read
from guanxi.records.standard import DELETE
from guanxi.rooms.reports.models import Report, Share, Sharing
from guanxi.rooms.reports.queries import REPORT, holders, in_folder
from guanxi.rooms.reports.rules import may_delete_folder, next_day

#: A share has no end of its own.
_FOREVER = datetime.datetime(2199, 12, 31, tzinfo=datetime.UTC)
_REASON = "report"


def keep_definition(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """What is kept as a report can be run: by who writes it, now. It is kept in the one form that `read` knows."""
    if "definition" not in values:
        return values
    definition = read(values["definition"])
    running.check(ctx, definition)
    return {**values, "definition": definition.as_dict()}


def plan_next(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """When the file comes next follows from the rhythm, as soon as that is entered or changed."""
    rhythm = values.get("rhythm") or (record.rhythm if record is not None else "weekly")
    if record is None or ("rhythm" in values and rhythm != record.rhythm) or record.next_on is None:
        return {**values, "next_on": next_day(rhythm, ctx.today)}
    return values


# ---- Folders ---------------------------------------------------------------------------------------------------------


def _is_empty(ctx: Context, folder: Any, values: Mapping[str, Any]) -> Decision:
    return may_delete_folder(in_folder(folder))


DELETE_FOLDER = dataclasses.replace(DELETE, rules=(_is_empty,))


# ---- Sharing ---------------------------------------------------------------------------------------------------------


def _ids(given: Any, model: type[models.Model], name: str) -> list[uuid.UUID]:
    """The ids of existing rows; Invalid for anything else."""
    wrong = Invalid({name: [Message("Choose from the list.")]})
    if not isinstance(given, list | tuple):
        raise wrong
    try:
        ids = [uuid.UUID(str(each)) for each in given]
    except ValueError:
        raise wrong from None
    known = set(model._default_manager.filter(pk__in=ids, deleted_at=None).values_list("pk", flat=True))
    if known != set(ids):
        raise wrong
    return list(dict.fromkeys(ids))


def _share(ctx: Context, report: Any, values: dict[str, Any]) -> None:
    is_chosen = values["sharing"] == Sharing.CHOSEN
    people = _ids(values.get("people") or [], Person, "people") if is_chosen else []
    roles = _ids(values.get("roles") or [], Role, "roles") if is_chosen else []
    if is_chosen and not people and not roles:
        raise Invalid({"people": [Message("Choose at least one person or role, or keep the report to yourself.")]})
    report.sharing = values["sharing"]
    made = {"created_at": ctx.now, "created_by": ctx.actor, "changed_at": ctx.now, "changed_by": ctx.actor}
    report.shares.all().delete()
    Share.objects.bulk_create(
        [*(Share(report=report, person_id=key, **made) for key in people),
         *(Share(report=report, role_id=key, **made) for key in roles)]
    )  # fmt: skip
    settle_shares(report, ctx.actor, ctx.now)


def settle_shares(report: Report, by: Person, at: datetime.datetime) -> None:
    """Open the report to whom it is shared with now, holders of roles included, and close it to everybody else."""
    shares = list(report.shares.all())
    wanted = {share.person_id for share in shares if share.person_id}
    wanted |= holders(share.role_id for share in shares if share.role_id)
    wanted.discard(report.owner_id)
    live = AccessGrant.objects.filter(module=REPORT, record_id=report.pk, deleted_at=None, reason=_REASON)
    open_to = set(live.values_list("person", flat=True))
    for person in Person.objects.filter(pk__in=wanted - open_to):
        give_grant(
            person=person, module=REPORT, record_id=report.pk, actions=("view",), begins=at, ends=_FOREVER,
            reason=_REASON, by=by,
        )  # fmt: skip
    for person in Person.objects.filter(pk__in=open_to - wanted):
        end_grants(person, REPORT, report.pk, by, at)


SHARE_REPORT = Action(
    name="share_report",
    label=_("Share"),
    icon="share",
    inputs=(
        asked("sharing", _("shared"), models.CharField(max_length=7, choices=Sharing.choices), required=True),
        asked("people", _("shared with these people"), models.JSONField(blank=True)),
        asked("roles", _("shared with these roles"), models.JSONField(blank=True)),
    ),
    perform=_share,
    page="reports:share",
)
