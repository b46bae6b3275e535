"""Processes and decision tables as files: taken in from other programs, and handed out to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.messages import Message
from guanxi.platform.workflow import diagrams, versions
from guanxi.platform.workflow.interchange import placed
from guanxi.records import registry
from guanxi.records.actions import Action, run
from guanxi.records.module import Module
from guanxi.rooms.processes.actions import TAKE_IN, TAKE_IN_TABLE
from guanxi.rooms.processes.module import TABLE, VERSION
from guanxi.web import addresses, errors, flashes
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page


@dataclass(frozen=True)
class _Kind:
    """What is taken in: the record type, its verb and the verb's field, and what the page calls it."""

    module: Module
    verb: Action
    field: str
    ending: str
    title: Any
    refused: Any
    label: Any
    help: Any


_DRAWING = _Kind(
    VERSION, TAKE_IN, "diagram", ".bpmn", _("Take in a drawing"), _("This drawing cannot be used here"),
    _("BPMN 2.0 file"),
    _("Of any drawing program, up to 512 KB. It becomes a draft; nothing runs by it before it is put to use."),
)  # fmt: skip
_TABLE = _Kind(
    TABLE, TAKE_IN_TABLE, "table", ".dmn", _("Take in a table"), _("This table cannot be used here"), _("DMN file"),
    _("One decision table whose cells compare figures, up to 512 KB. It becomes a draft."),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def take_in(request: Request) -> HttpResponseBase:
    """A process that was drawn elsewhere becomes a draft here."""
    return _take_in(request, _DRAWING)


@require_http_methods(["GET", "POST"])
def take_in_table(request: Request) -> HttpResponseBase:
    """A table that was written elsewhere becomes a draft here."""
    return _take_in(request, _TABLE)


def _take_in(request: Request, kind: _Kind) -> HttpResponseBase:
    require(request.ctx, registry.entry(kind.module), kind.verb.name, kind.verb.label)
    if request.method == "GET":
        return _upload(request, kind)

    def act() -> str:
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid({kind.field: Message("Please choose a file.")})
        # One more byte than allowed is enough to know that it is too large.
        text = diagrams.decoded(upload.read(diagrams.MOST_BYTES + 1))
        made = run(kind.verb, request.ctx, kind.module, None, {kind.field: text})
        return addresses.record(kind.module, made.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _upload(request, kind, problem)
    return flashes.redirect(address, Message("Taken in. It is a draft until it is put to use."))


def _upload(request: Request, kind: _Kind, problem: Problem | None = None) -> HttpResponse:
    found = problem.errors if isinstance(problem, Invalid) else {}
    given = {
        "kind": kind,
        "wrong": [str(message) for messages in found.values() for message in messages],
        "problem": None if found else problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "listed": kind.module.label_plural,
        "back": addresses.listing(kind.module),
    }
    return page(request, "processes/take_in.html", given, status=problem.status if problem else 200)


@require_GET
def drawing_file(request: Request, pk: Any) -> HttpResponseBase:
    """The drawing as a file that other programs read, with a place for every part."""
    version = request.ctx.get(VERSION, pk)
    return _handed_out(placed(versions.diagram_of(version)), f"{version.key}-{version.number}.bpmn")


@require_GET
def table_file(request: Request, pk: Any) -> HttpResponseBase:
    """The table as a file that other programs read."""
    row = request.ctx.get(TABLE, pk)
    return _handed_out(row.source, f"{row.key}-{row.number}.dmn")


def _handed_out(content: str | bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/xml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
