"""Making several records into one: side by side, each field's value chosen; and those that are likely the same."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Conflict, Invalid, NotFound, Problem, Refused
from guanxi.kernel.messages import Message
from guanxi.records import duplicates, masking
from guanxi.records.actions import run
from guanxi.records.fields import FieldSpec
from guanxi.records.links import HIDDEN, LINK_KINDS, veiled
from guanxi.records.merging import choosing, likely, references
from guanxi.records.merging.verbs import MERGE, MOST
from guanxi.records.registry import Registered
from guanxi.records.standard import action_of
from guanxi.web import addresses, entered, errors, flashes, told
from guanxi.web.gate import Request, of_module, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page


def _require(request: Request, known: Registered) -> None:
    if action_of(known.module, MERGE.name) is None:
        raise NotFound
    require(request.ctx, known, MERGE.name, MERGE.label)


@require_http_methods(["GET", "POST"])
@of_module
def merge(request: Request, known: Registered) -> HttpResponseBase:
    """Two to five records side by side (GET ?pk=…&pk=…, or posted from a list), and making them one (POST with go)."""
    _require(request, known)
    sent = request.POST if request.method == "POST" else request.GET
    keys = list(dict.fromkeys(uuid.UUID(key) for key in sent.getlist("pk") if entered.is_id(key)))
    if typed := sent.get("other", "").strip():
        keys += [row.pk for row in [_meant(request, known, typed)] if row.pk not in keys]
    if len(keys) > MOST:
        raise Conflict(Message("Choose two to %(most)s different records to be made into one.", most=MOST))
    if request.method == "POST" and not request.POST.get("go"):
        return flashes.redirect(addresses.of_module(known.module, "merge", query={"pk": keys}))
    records = _records(request, known, keys)
    if len(records) < 2:
        return _choose(request, known, records)
    if request.method == "GET":
        return _draw(request, known, records)
    survivor = next((row for row in records if str(row.pk) == request.POST.get("survivor")), records[0])

    def act() -> str:
        data = {
            "others": [row.pk for row in records if row.pk != survivor.pk],
            "take": {name[5:]: value for name, value in request.POST.items() if name.startswith("take-") and value},
            "versions": {
                name[8:]: value
                for name, value in request.POST.items()
                if name.startswith("version-") and str(value).isdigit()
            },
        }
        ctx = request.ctx.because(request.POST.get("reason", "").strip())
        run(MERGE, ctx, known.module, survivor, data, confirmed=bool(request.POST.get("confirmed")))
        return addresses.record(known.module, survivor.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, known, records, problem)
    if request.ctx.told:
        return told.show(request, address)
    text = Message("%(count)s records are one now.", count=len(records))
    return flashes.redirect(address, text, undo=f"{address}do/unmerge/")


def _meant(request: Request, known: Registered, typed: str) -> Any:
    """The record that somebody typed the number or the name of."""
    named = [name for name in ("number", known.module.title) if name in known.fields]
    for name in dict.fromkeys(named):
        found = list(request.ctx.search(known.module).filter(**{name: typed})[:2])
        if len(found) == 1:
            return found[0]
    raise Conflict(Message("There is no “%(value)s” that you may choose.", value=typed[:60]))


def _records(request: Request, known: Registered, keys: list[uuid.UUID]) -> list[Any]:
    joined = [name for name, spec in known.fields.items() if spec.kind.name in LINK_KINDS and name != "deleted_by"]
    rows = request.ctx.search(known.module).select_related(*joined).in_bulk(keys)
    if len(rows) < len(keys):
        raise NotFound
    return [rows[key] for key in keys]


def _choose(request: Request, known: Registered, records: list[Any]) -> HttpResponse:
    """With fewer than two records: which one is the other?"""
    record = records[0] if records else None
    found = []
    if record is not None:
        clear = [rule.field for rule in known.module.same_as if rule.field not in masking.hidden_in(record)]
        values = {name: known.field(name).stored(record) for name in clear}
        found = duplicates.find(request.ctx, known, values, exclude=[record.pk])
    given = {
        "known": known,
        "module": known.module,
        "record": record,
        "found": [each for each in found if each.record_id is not None],
        "base": addresses.of_module(known.module, "merge"),
        "cancel": addresses.record(known.module, record.pk) if record else addresses.listing(known.module),
    }
    return page(request, "web/merge_choose.html", given)


# ---- Side by side ----------------------------------------------------------------------------------------------------


def _draw(request: Request, known: Registered, records: list[Any], problem: Problem | None = None) -> HttpResponse:
    posted = request.POST if request.method == "POST" else request.GET
    survivor = next((row for row in records if str(row.pk) == posted.get("survivor")), choosing.best(known, records))
    others = [row for row in records if row.pk != survivor.pk]
    proposed = choosing.proposal(known, survivor, others)
    warnings_only = isinstance(problem, Refused) and problem.decision.allowed
    found = problem.errors if isinstance(problem, Invalid) else {}
    sections = _sections(request, known, records, proposed)
    given = {
        "known": known,
        "module": known.module,
        "records": records,
        "survivor": survivor,
        "sections": [section for section in sections if section["rows"]],
        "same": sum(section["same"] for section in sections),
        "counts": references.counts(known, [row.pk for row in records]),
        "filled": {row.pk: choosing.completeness(known, row) for row in records},
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem, warnings=warnings_only) if problem else [],
        "warnings_only": warnings_only,
        "errors": [
            f"{known.field(name).label}: {message}" if name in known.fields else str(message)
            for name, messages in found.items()
            for message in messages
        ],
        "form_token": new_token(),
        "post_to": request.path,
        "reason": posted.get("reason", ""),
        "cancel": addresses.record(known.module, survivor.pk),
    }
    return page(request, "web/merge.html", given, status=problem.status if problem else 200)


def _sections(
    request: Request, known: Registered, records: list[Any], proposed: dict[str, str]
) -> list[dict[str, Any]]:
    sections = []
    names = {spec.name for spec in known.form_fields}
    for section in known.module.sections:
        specs = [known.field(name) for name in section.fields if name in names]
        rows = [_row(request, known, spec, records, proposed[spec.name]) for spec in specs]
        different = [row for row in rows if row is not None and row["differs"]]
        same = sum(row is not None and not row["differs"] for row in rows)
        sections.append({"label": section.label, "rows": different, "same": same})
    return sections


def _row(
    request: Request, known: Registered, spec: FieldSpec, records: list[Any], proposed: str
) -> dict[str, Any] | None:
    """One field of all the records; None where none of them says anything. What is masked stays masked."""
    stored = [spec.stored(record) for record in records]
    if not any(choosing.is_filled(spec, record) for record in records):
        return None
    hidden = veiled(request.ctx, known, spec.name, records) if spec.kind.name in LINK_KINDS else set()
    chosen = request.POST.get(f"take-{spec.name}") or proposed
    several = spec.kind.name in choosing.SEVERAL
    inward = spec.target == known.module.key and not spec.required
    return {
        "name": spec.name,
        "label": capfirst(str(spec.label)),
        "numeric": spec.kind.numeric,
        "differs": len(set(stored)) > 1,
        "cells": [
            {
                "value": str(record.pk),
                "record": str(record),
                "text": HIDDEN if value in hidden and value is not None else spec.text(record),
                "on": chosen == str(record.pk),
            }
            for record, value in zip(records, stored, strict=True)
        ],
        "extra": [
            *([{"value": choosing.UNION, "text": _("all of them"), "on": chosen == choosing.UNION}] if several else []),
            *([{"value": choosing.NONE, "text": _("leave empty"), "on": chosen == choosing.NONE}] if inward else []),
        ],
    }


# ---- Likely the same -------------------------------------------------------------------------------------------------


@require_GET
@of_module
def same(request: Request, known: Registered) -> HttpResponseBase:
    """Records that are likely the same, in groups."""
    _require(request, known)
    if not known.module.same_as:
        raise NotFound
    labels = {rule.name: rule.label for rule in known.module.same_as}
    found = likely.groups(request.ctx, known)
    shown = [
        {
            "records": group.records[: MOST * 2],
            "more": max(0, len(group.records) - MOST * 2),
            "rules": [labels[name] for name in group.rules if name in labels],
            "compare": addresses.of_module(
                known.module, "merge", query={"pk": [row.pk for row in group.records[:MOST]]}
            ),
            "filled": {row.pk: choosing.completeness(known, row) for row in group.records[: MOST * 2]},
        }
        for group in found[:50]
    ]
    given = {
        "known": known,
        "module": known.module,
        "groups": shown,
        "count": len(found),
        "base": addresses.listing(known.module),
        "apart": addresses.of_module(known.module, "same", "apart"),
    }
    return page(request, "web/same.html", given)


@require_POST
@of_module
def apart(request: Request, known: Registered) -> HttpResponseBase:
    """Remember that these records are different things."""
    _require(request, known)
    keys = [uuid.UUID(key) for key in request.POST.getlist("pk") if entered.is_id(key)]
    likely.tell_apart(request.ctx, known, keys)
    return flashes.redirect(addresses.of_module(known.module, "same"), Message("Remembered: these are not the same."))
