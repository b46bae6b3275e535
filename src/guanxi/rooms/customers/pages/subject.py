"""Everything kept of one person, on a page that prints, and as a file for the person."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.history import text_of
from guanxi.records.registry import Registered
from guanxi.records.standard import verb_of
from guanxi.rooms.customers.actions import SUBJECT_REPORT
from guanxi.rooms.customers.models import Contact
from guanxi.web.gate import Request, require
from guanxi.web.rendering import page

CONTACT = "customers.contact"


@require_http_methods(["GET", "POST"])
def show(request: Request, pk: Any) -> HttpResponseBase:
    """Ask for the reason (GET), then show everything (POST), or hand it out as JSON (POST with as=json)."""
    known = registry.entry(CONTACT)
    contact = request.ctx.get(known.module, pk)
    require(request.ctx, known, SUBJECT_REPORT.name, SUBJECT_REPORT.label)
    given: dict[str, Any] = {"contact": contact, "reason": request.POST.get("reason", "").strip(), "errors": []}
    if request.method == "GET":
        return page(request, "customers/subject.html", {**given, "report": None})
    try:
        told = run(SUBJECT_REPORT, request.ctx.because(given["reason"]), known.module, contact)
    except Invalid as problem:
        given["errors"] = problem.errors.get("reason", [])
        return page(request, "customers/subject.html", {**given, "report": None}, status=422)
    if request.POST.get("as") == "json":
        return _file(contact, told)
    return page(request, "customers/subject.html", {**given, "report": _readable(known, told)})


def _file(contact: Contact, told: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{contact.number or contact.pk}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _readable(known: Registered, told: dict[str, Any]) -> dict[str, Any]:
    """The report as sheets of labelled lines."""
    linked = []
    for key, rows in told["linked"].items():
        other = registry.entry(key)
        linked.append((capfirst(str(other.module.label_plural)), [_facts(other, row) for row in rows]))
    return {
        "facts": _facts(known, told["record"]),
        "linked": linked,
        "files": [row["name"] for rows in told["named_in"].values() for row in rows if row.get("sha256")],
        "trail": [
            {
                "at": datetime.datetime.fromisoformat(entry["at"]),
                "by": entry["by"],
                "action": verb_of(known.module, entry["action"]),
                "changes": [
                    (str(known.fields[name].label), text_of(known.fields[name], new))
                    for name, (_old, new) in entry["changes"].items()
                    if name in known.fields
                ],
            }
            for entry in told["trail"]
        ],
    }  # fmt: skip


def _facts(known: Registered, row: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and text of each field that says something, in the order of the form."""
    facts = []
    for name, spec in known.fields.items():
        value = row.get(name)
        if value in (None, "", [], False) or name in ("id", "version"):
            continue
        text = value.get("title") or "" if isinstance(value, dict) else text_of(spec, value)
        facts.append((capfirst(str(spec.label)), text if value is not True else _("Yes")))
    return facts
