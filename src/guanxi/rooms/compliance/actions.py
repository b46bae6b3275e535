"""What people do with duties by hand: say that one is done, waive it, hand it over, call it to mind."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.platform.notices.notify import notify
from guanxi.platform.obligations import duties, keeping
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.people.models import Person
from guanxi.records import history
from guanxi.records.actions import Action, save_changed
from guanxi.records.context import Context
from guanxi.records.fields import asked
from guanxi.records.picklists import choices, label
from guanxi.records.registry import Registered
from guanxi.records.standard import LINES
from guanxi.records.work import Work, add_error
from guanxi.rooms.compliance import rules
from guanxi.rooms.compliance.models import InspectedPoint, Inspection
from guanxi.rooms.compliance.picklists import CRITERIA, MET, NOT_MET, RESULT
from guanxi.rooms.compliance.queries import sampling

OPEN = (State.OPEN,)


def _is_by_hand(row: Obligation) -> bool:
    duty = duties.find(row.duty)
    return duty is not None and duty.by_hand


def _by_hand(ctx: Context, row: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_say_done(_is_by_hand(row))


def _perform_discharge(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    keeping.keep(row, ctx.actor, ctx.now, remark=values["remark"])
    row.paper = values.get("paper")


DISCHARGE = Action(
    name="discharge",
    label=_("It is done"),
    icon="check",
    tone="ink",
    inputs=(
        asked("remark", _("how it was done"), models.TextField(), required=True),
        asked("paper", _("paper that shows it"), models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True)),
    ),
    rules=(_by_hand,),
    states=OPEN,
    fits=_is_by_hand,
    perform=_perform_discharge,
    undoable=False,
)


def _not_ones_own(ctx: Context, row: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_waive(ctx.actor.pk, row.owner_id)


def _perform_waive(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    keeping.end(row, State.WAIVED, ctx.actor, ctx.now, ctx.reason.strip())
    title = Message("Waived by %(person)s: %(what)s", person=ctx.actor.name, what=row)
    notify([row.owner], title, row.remark, keeping.OBLIGATION, row.pk, "duty", at=ctx.now)


WAIVE = Action(
    name="waive",
    label=_("Waive"),
    icon="ban",
    asks_reason=True,
    rules=(_not_ones_own,),
    states=OPEN,
    perform=_perform_waive,
    bulk=True,
    undoable=False,
)


def _to_somebody_else(ctx: Context, row: Any, values: Mapping[str, Any]) -> Decision:
    other = values.get("other")
    return Decision.allow() if other is None else rules.may_be_given(other.pk, row.owner_id)


def _perform_hand_over(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    row.owner = values["other"]
    row.department = row.owner.department
    keeping.tell_of_handover(row, 1, row.owner, ctx.now)


HAND_OVER = Action(
    name="hand_over",
    label=_("Hand over"),
    icon="user-share",
    inputs=(asked("other", _("to whom"), models.ForeignKey(Person, models.PROTECT), required=True),),
    rules=(_to_somebody_else,),
    states=OPEN,
    perform=_perform_hand_over,
    bulk=True,
    may_leave_scope=True,
    undoable=False,
)


def _perform_remind(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    title = Message("%(person)s reminds you: %(what)s, due on %(day)s", person=ctx.actor.name, what=row, day=row.due_on)
    notify([row.owner], title, "", keeping.OBLIGATION, row.pk, "duty", at=ctx.now)


REMIND = Action(
    name="remind",
    label=_("Remind"),
    icon="bell",
    confirm=_("Remind the person who owes it?"),
    states=OPEN,
    perform=_perform_remind,
    bulk=True,
    rare=True,
    undoable=False,
)


# ---- Self-inspections ------------------------------------------------------------------------------------------------


def _has_files(ctx: Context, inspection: Any, values: Mapping[str, Any]) -> Decision:
    return rules.can_be_drawn(inspection.size, len(sampling.population(ctx, inspection.population)))


def _execute_draw(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        inspection = work.record
        inspection.seed = secrets.token_hex(8)
        files = sampling.population(ctx, inspection.population)
        sample = sampling.drawn(files, inspection.seed, inspection.size)
        inspection.drawn_at, inspection.drawn_of, inspection.state = ctx.now, len(files), Inspection.State.DRAWN
        points = [
            InspectedPoint(
                inspection=inspection, place=place, subject=str(record)[:250], module=inspection.population,
                record_id=record.pk, criterion=criterion, created_at=ctx.now, created_by=ctx.actor,
                changed_at=ctx.now, changed_by=ctx.actor,
            )
            for place, record in enumerate(sampling.in_order(ctx, inspection.population, sample), start=1)
            for criterion in inspection.criteria
        ]  # fmt: skip
        InspectedPoint.objects.bulk_create(points)
        work.changes = {**history.difference(known, work.before, inspection), LINES: ["", str(len(points))]}
        work.result = inspection
    save_changed(ctx, known, works)


DRAW = Action(
    name="draw_sample",
    label=_("Draw the sample"),
    icon="list-check",
    tone="ink",
    states=(Inspection.State.PLANNED,),
    confirm=_("The sample is drawn by chance, once; it cannot be drawn again. Continue?"),
    rules=(_has_files,),
    execute=_execute_draw,
    undoable=False,
)


def _plan_results(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """Read {"points": {id: {"result", "remark"}}}: only points of this very inspection, only results there are."""
    for work in works:
        given = work.item.data.get("points")
        if not isinstance(given, Mapping) or not all(isinstance(each, Mapping) for each in given.values()):
            add_error(work, "", Message("This value has the wrong form."))
            continue
        points = {str(point.pk): point for point in InspectedPoint.objects.filter(inspection=work.record)}
        offered = {"", *dict(choices(RESULT))}
        work.values = {"points": []}
        for key, told in given.items():
            result, remark = str(told.get("result") or ""), str(told.get("remark") or "").strip()
            if str(key) not in points:
                add_error(work, "", Message("This is no point of the sheet."))
            elif result not in offered:
                add_error(work, str(key), Message("Choose one of the results."))
            elif len(remark) > 300:
                add_error(work, str(key), Message("At most %(limit)s characters.", limit=300))
            else:
                work.values["points"].append((points[str(key)], result, remark))


def _execute_results(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        changed = []
        for point, result, remark in work.values["points"]:
            if (point.result, point.remark) != (result, remark):
                point.result, point.remark, point.version = result, remark, point.version + 1
                point.changed_at, point.changed_by = ctx.now, ctx.actor
                changed.append(point)
        InspectedPoint.objects.bulk_update(changed, ["result", "remark", "version", "changed_at", "changed_by"])
        results = work.record.points.values_list("result", flat=True)
        work.record.met = sum(1 for each in results if each == MET)
        work.record.judged = sum(1 for each in results if each in (MET, NOT_MET))
        told = [
            f"{point.place}. {label(CRITERIA, point.criterion)}: {label(RESULT, point.result)}" for point in changed
        ]
        work.changes = history.difference(known, work.before, work.record)
        if told:
            work.changes[LINES] = ["", "\n".join(told)]
        work.result = work.record
    save_changed(ctx, known, [work for work in works if work.changes])


RECORD_RESULTS = Action(
    name="record_results",
    label=_("Fill in the sheet"),
    icon="clipboard-check",
    tone="ink",
    states=(Inspection.State.DRAWN,),
    page="compliance:sheet",
    plan=_plan_results,
    execute=_execute_results,
    undoable=False,
)


def _all_judged(ctx: Context, inspection: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_be_finished(inspection.points.filter(result="").count())


FINISH = Action(
    name="finish_inspection",
    label=_("Finish the inspection"),
    icon="check",
    states=(Inspection.State.DRAWN,),
    to_state=Inspection.State.FINISHED,
    fields=("conclusion",),
    rules=(_all_judged,),
    perform=lambda ctx, inspection, values: setattr(inspection, "conclusion", values["conclusion"]),
    undoable=False,
)
