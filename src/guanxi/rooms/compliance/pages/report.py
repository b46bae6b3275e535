"""The report of compliance: the board of a time as a document, in Chinese or English, on record with who took it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponseBase
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.platform.calendar import local
from guanxi.records import disclosing, exporting
from guanxi.records.context import Context
from guanxi.rooms.compliance.module import OBLIGATION
from guanxi.rooms.compliance.pages.board import Findings, Question, Row, findings
from guanxi.rooms.compliance.pages.charts import NAMES
from guanxi.rooms.compliance.queries import evidence, figures
from guanxi.rooms.compliance.queries.figures import Counts
from guanxi.web import addresses
from guanxi.web.gate import Request
from guanxi.web.languages import offered
from guanxi.web.rendering import page


@require_http_methods(["GET", "POST"])
def report(request: Request) -> HttpResponseBase:
    """What the report is for and in which language (GET), then the document (POST)."""
    ctx = request.ctx.because(request.POST.get("reason", "").strip())
    if not figures.may_report(ctx):
        disclosing.refused(ctx, OBLIGATION, Sight.EXPORT)
        raise NotAllowed(Message("You may not take out the report of compliance."))
    question = Question(request)
    if request.method == "GET":
        return _ask(request, question)
    try:
        exporting.require_reason(ctx, OBLIGATION)
    except Invalid as problem:
        return _ask(request, question, problem)
    ctx.require_confirmed()
    chosen = request.POST.get("language", "")
    with override(chosen if chosen in {each["code"] for each in offered()} else get_language()):
        told = findings(ctx, question)
        content = document(ctx, question, told)
        name = f"{_('Compliance report')} {question.period.first}–{question.period.last}.pdf"
    with transaction.atomic():
        rows = sum(len(rows) for _area, rows in told.areas)
        exporting.note_taken(ctx, OBLIGATION, name, rows=rows, sha256=hashlib.sha256(content).hexdigest())
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type="application/pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _ask(request: Request, question: Question, problem: Invalid | None = None) -> HttpResponseBase:
    chosen = request.POST.get("language", "") or get_language()
    given = {
        "period": question.period,
        "here": addresses.with_query(reverse("compliance:report"), question.query()),
        "back": addresses.with_query(reverse("compliance:board"), question.query()),
        "languages": [(each["code"], each["name"], each["code"] == chosen) for each in offered()],
        "errors": problem.errors if problem else {},
    }
    return page(request, "compliance/report.html", given, status=422 if problem else 200)


def document(ctx: Context, question: Question, told: Findings) -> bytes:
    """The report as PDF, in the language that is spoken now."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Column, Marked, Paper

    period = question.period
    mark = f"{ctx.actor.name} · {local(ctx.now):%Y-%m-%d %H:%M}"
    paper = Paper(_("Compliance report"), mark=mark, author=ctx.actor.name, wide=True)
    paper.opening(_("%(first)s to %(last)s") % {"first": period.first, "last": period.last})
    paper.text(_summary(told.whole))
    heads = [Column(capfirst(str(text)), 1.1, numeric=True) for text in NAMES.values()]

    def line(row: Row, first: Sequence[Any]) -> list[Any]:
        counts = [Marked(row.counts[name]) if name == "broken" and row.counts[name] else row.counts[name] or ""
                  for name in NAMES]  # fmt: skip
        return [*first, *counts]

    for area, rows in told.areas:
        paper.heading(capfirst(area.label))
        total = line(area, [_("Total"), ""]) if len(rows) > 1 else None
        columns = [Column(_("Clause"), 1), Column(_("What it asks for"), 4.5), *heads]
        paper.table(columns, [line(row, [row.clause, row.label]) for row in rows], total)
    for heading, label, rows in (
        (_("By department"), _("Department"), told.departments),
        (_("By person"), _("Person"), told.people),
    ):
        if rows:
            paper.heading(heading)
            paper.table([Column(label, 5.5), *heads], [line(row, [row.label]) for row in rows])
    broken = evidence.pieces(ctx, question.wanted, "broken")[: evidence.SHOWN]
    if broken:
        paper.heading(_("Duties that are broken to this day"))
        columns = [Column(_("Due on"), 1.4), Column(_("Clause"), 1), Column(_("Person"), 1.4), Column(_("What"), 4),
                   Column(_("Record"), 4)]  # fmt: skip
        paper.table(columns, [[each.day, each.clause, each.person, each.what, each.record] for each in broken])
    paper.gap(18)
    paper.text(_("Checked by: ____________________    Date: ____________________"))
    return paper.content()


def _summary(whole: Counts) -> str:
    if not whole:
        return _("Nothing was counted in this time.")
    told = _("%(owed)s duties were due: %(kept)s kept in time, %(late)s kept late, %(broken)s broken.") % {
        "owed": whole.owed, "kept": whole["kept"], "late": whole["late"], "broken": whole["broken"],
    }  # fmt: skip
    more = _("Rules refused %(refused)s actions; %(approved)s requests were approved, %(declined)s were not.") % {
        "refused": whole["refused"], "approved": whole["approved"], "declined": whole["declined"],
    }  # fmt: skip
    return f"{told} {more}"
