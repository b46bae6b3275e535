"""Who saw, searched, printed and took out what: the log of disclosures as a page, itself on record."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.platform.audit.erasures import veil_names
from guanxi.platform.audit.models import Disclosure, Outcome, Sight
from guanxi.records import disclosing, registry
from guanxi.rooms.administration.pages.questions import Question
from guanxi.rooms.administration.queries import disclosures, may_read_trail, may_read_values
from guanxi.web import addresses
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PATH = "/administration/disclosures/"


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The log, filtered by the address."""
    ctx = request.ctx
    if not may_read_trail(ctx):
        raise NotAllowed
    question = Question(request, PATH, ("person", "token", "module", "kind", "outcome", "record", "from", "until"))
    shown, older = question.part(disclosures(question.filters))
    shown = veil_names(shown)
    disclosing.log_read(ctx, question.given, len(shown))
    context = {
        "lines": [_line(request, entry) for entry in shown],
        "older": older,
        "newest": question.newest,
        "fields": _fields(question),
        "record": question.filters.get("record", ""),
        "is_narrowed": question.is_narrowed,
        "here": PATH,
    }
    return page(request, "administration/disclosures.html", context, status=question.status)


def _fields(question: Question) -> list[dict[str, Any]]:
    return [
        question.people(),
        *question.tokens(),
        question.modules(),
        question.select("kind", _("Kind"), list(Sight.choices)),
        question.select("outcome", _("Outcome"), list(Outcome.choices)),
        question.day("from", _("From")),
        question.day("until", _("Until")),
    ]


def _line(request: Request, entry: Disclosure) -> dict[str, Any]:
    """One entry as the page shows it; who reads the log does not thereby read customers, nor what was searched for."""
    may_read = may_read_values(request.ctx, entry.module)
    module = registry.find(entry.module)
    is_named = bool(entry.record_label) and (may_read or entry.kind in (Sight.EXPORT, Sight.LOG))
    may_open = module is not None and entry.record_id and may_read and request.ctx.may(module)
    return {
        "entry": entry,
        "kind": entry.get_kind_display(),
        "tone": "red" if entry.kind in (Sight.REVEAL, Sight.EXPORT) else "",
        "module": str(module.label) if module else "",
        "record": entry.record_label if is_named else _("(hidden)") if entry.record_id or entry.record_label else "",
        "href": addresses.record(module, entry.record_id) if module and may_open else "",
        "same": addresses.with_query(PATH, {"record": str(entry.record_id)}) if entry.record_id else "",
        "refused": entry.outcome == Outcome.REFUSED,
        "source": entry.get_source_display(),
        "same_token": addresses.with_query(PATH, {"token": str(entry.token)}) if entry.token else "",
        "detail": disclosing.told(entry, may_read),
    }
