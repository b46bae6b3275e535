"""The register of clauses for everybody, and the page of one clause: what it asks, what keeps it, how it is kept."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guanxi.kernel import clauses
from guanxi.kernel.clauses import Clause, Kind
from guanxi.kernel.errors import NotFound
from guanxi.platform.obligations.keeping import open_items
from guanxi.records import registry
from guanxi.records.approvals.models import ApprovalRule
from guanxi.records.context import Context
from guanxi.records.standard import verb_of
from guanxi.rooms.compliance.pages.charts import NAMES, course
from guanxi.rooms.compliance.pages.strips import evidence_url, months_before, strip
from guanxi.rooms.compliance.queries import evidence, figures, register
from guanxi.rooms.compliance.queries.figures import Counts, Period, Wanted
from guanxi.rooms.compliance.queries.register import Setting
from guanxi.web import addresses, menu
from guanxi.web.gate import Request
from guanxi.web.parameters import shown, stored
from guanxi.web.rendering import page

#: The register and the page of a clause tell of so many days.
DAYS = 30
PARAMETER = "policy.parametervalue"
RULE = "approvals.approvalrule"
#: What a clause asks for.
KINDS: dict[Kind, Any] = {
    Kind.RULE: gettext_lazy("rule"),
    Kind.DEADLINE: gettext_lazy("deadline"),
    Kind.REMINDER: gettext_lazy("reminder"),
    Kind.APPROVAL: gettext_lazy("approval"),
    Kind.PERMISSION: gettext_lazy("permission"),
    Kind.RECORD: gettext_lazy("record"),
    Kind.WORKFLOW: gettext_lazy("workflow"),
    Kind.ANALYSIS: gettext_lazy("analysis"),
    Kind.REPORT: gettext_lazy("report of the regulation"),
    Kind.PAGE: gettext_lazy("operation"),
}
#: What keeps a clause, as the register shows it.
MEANS: dict[str, Any] = {
    "rule": gettext_lazy("rule"),
    "parameter": gettext_lazy("parameter"),
    "duty": gettext_lazy("duty on a clock"),
    "approval": gettext_lazy("approval"),
    "double": gettext_lazy("check for doubles"),
}
#: How a clause has fared, as the register is narrowed by it.
STATES: dict[str, Any] = {
    "trouble": gettext_lazy("broken or kept late"),
    "refused": gettext_lazy("somebody was refused"),
    "kept": gettext_lazy("kept without fault"),
    "quiet": gettext_lazy("nothing counted"),
}


@dataclass(frozen=True)
class Line:
    """A clause in the register."""

    clause: Clause
    title: str
    kind: Any
    means: list[str]
    counts: Counts


def latest(ctx: Context) -> Period:
    """The days that the register tells of."""
    return Period(ctx.today - datetime.timedelta(days=DAYS - 1), ctx.today)


def _state_of(counts: Counts) -> str:
    if counts["broken"] or counts["late"]:
        return "trouble"
    if counts["refused"]:
        return "refused"
    return "kept" if counts else "quiet"


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Every clause that the program serves, searched and narrowed by the address."""
    ctx = request.ctx
    text, area, kind, state = (request.GET.get(name, "").strip() for name in ("q", "area", "kind", "state"))
    sees = figures.may_see_board(ctx)
    counted = figures.sums_by(ctx, Wanted(latest(ctx)), "clause") if sees else {}
    means = register.means(ctx.today)
    lines = [
        Line(
            clause, register.title_of(clause), KINDS[clause.kind],
            [str(label) for name, label in MEANS.items() if name in means.get(clause.id, ())],
            counted.get(clause.id, Counts()),
        )
        for clause in register.found(text, area, kind)
    ]  # fmt: skip
    if sees and state in STATES:
        lines = [
            line for line in lines if _state_of(line.counts) == state or (state == "refused" and line.counts["refused"])
        ]
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(register.area_of(line.clause), []).append(line)
    given = {
        "groups": list(groups.items()),
        "count": len(lines),
        "text": text,
        "fields": _fields(area, kind, state, sees),
        "is_narrowed": bool(area or kind or state),
        "sees": sees,
        "period": latest(ctx),
        "days": DAYS,
        "names": {name: NAMES[name] for name in ("kept", "late", "broken", "refused", "waived")},
        "board": reverse("compliance:board"),
    }
    return page(request, "compliance/register.html", given)


def _fields(area: str, kind: str, state: str, sees: bool) -> list[dict[str, Any]]:
    def select(name: str, label: str, chosen: str, options: list[tuple[str, Any]]) -> dict[str, Any]:
        offered = [("", _("All"), not chosen), *((value, text, value == chosen) for value, text in options)]
        return {"name": name, "label": label, "widget": "select", "value": chosen, "choices": offered}

    fields = [
        select("area", _("Area"), area, register.areas()),
        select("kind", _("What it asks for"), kind, [(each.value, KINDS[each]) for each in register.kinds()]),
    ]
    return [*fields, select("state", _("How it fared"), state, list(STATES.items()))] if sees else fields


# ---- One clause ------------------------------------------------------------------------------------------------------


@require_GET
def clause(request: Request, clause: str) -> HttpResponseBase:
    """What a clause asks, what keeps it, its parameters with all their values, and how it was kept of late."""
    ctx, asked = request.ctx, clauses.find(clause)
    if asked is None:
        raise NotFound
    keeping, period = register.keeping_of(asked, ctx.today), latest(ctx)
    sees = figures.may_see_board(ctx)
    wanted = Wanted(period, frozenset({asked.id}))
    year = Wanted(Period(months_before(ctx.today, 11), ctx.today), frozenset({asked.id}))
    given = {
        "clause": asked,
        "title": register.title_of(asked),
        "area": register.area_of(asked),
        "kind": KINDS[asked.kind],
        "settings": [_setting(ctx, each) for each in keeping.settings],
        "duties": [_duty(ctx, duty, sees) for duty in keeping.duties],
        "approvals": [_approval(ctx, rule) for rule in keeping.approvals],
        "doubles": [(module.label, rule.label, rule.strict) for module, rule in keeping.doubles],
        "code": keeping.code,
        "tests": [(_sentence(test), test) for test in keeping.tests],
        "sees": sees,
        "period": period,
        "days": DAYS,
    }
    if sees:
        counts = figures.total(figures.sums_by(ctx, wanted, "clause").values())
        given |= {
            "counts": counts,
            "strip": strip(counts, wanted.period, asked.id),
            "chart": course(figures.sums_over_time(ctx, year), ("kept", "late", "broken", "refused"), by_day=False),
            "refusals": evidence.pieces(ctx, year, "refused")[:8],
            "all_refusals": evidence_url("refused", year.period, clause=asked.id),
        }
    return page(request, "compliance/clause.html", given)


def _setting(ctx: Context, setting: Setting) -> dict[str, Any]:
    parameter = setting.parameter
    address = f"/administration/parameters/{parameter.name}/"
    return {
        "label": parameter.label or parameter.name,
        "today": shown(parameter, setting.today),
        "default": shown(parameter, parameter.default),
        "is_default": setting.today == parameter.default,
        "values": [
            {
                "from": row.valid_from,
                "text": stored(parameter, row.value),
                "reason": row.reason,
                "by": row.created_by,
                "is_later": row.valid_from > ctx.today,
            }
            for row in reversed(setting.values)
        ],
        "change": address if ctx.may(PARAMETER, "set_parameter") else "",
    }


def _duty(ctx: Context, duty: Any, sees: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"label": duty.label, "open": None}
    condition = figures.reach(ctx, person="owner") if sees else None
    if condition is not None:
        rows = open_items(duty).filter(condition)
        told |= {"open": rows.count(), "overdue": rows.filter(due_on__lt=ctx.today).count()}
    return told


def _approval(ctx: Context, rule: ApprovalRule) -> dict[str, Any]:
    module = registry.find(rule.module)
    return {
        "name": rule.name,
        "what": f"{verb_of(module, rule.action)}{_(': ')}{module.label if module else rule.module}",
        "since": rule.valid_from,
        "href": addresses.record(RULE, rule.pk) if ctx.may(RULE) else "",
    }


def _sentence(test: str) -> str:
    """A test's name as the sentence that it is."""
    return test.rpartition("::")[2].removeprefix("test_").replace("_", " ")


menu.add(
    menu.Entry("regulation", gettext_lazy("Register of clauses"), "/regulation/clauses/", "scale", group="regulation",
               order=1)
)  # fmt: skip
