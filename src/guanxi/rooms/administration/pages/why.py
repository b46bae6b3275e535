"""Why can this person see it? Every role, deputyship and grant by which somebody reaches a record."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed, NotFound
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.module import Module
from guanxi.rooms.administration.queries import may_ask_why, reasons_to_see
from guanxi.web.entered import is_id
from guanxi.web.gate import Request
from guanxi.web.rendering import page

_ADDRESS = re.compile(r"/(?P<app>[a-z_]+)/(?P<noun>[a-z_]+)/(?P<pk>[0-9a-f-]{36})(?:/|\?|#|$)")


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Ask with a person and a record's address (?person=…&record=/customers/customer/…/)."""
    if not may_ask_why(request.ctx):
        raise NotAllowed
    person_id, record_text = request.GET.get("person", ""), request.GET.get("record", "").strip()
    person = Person.objects.filter(pk=person_id).first() if is_id(person_id) else None
    errors: dict[str, list[str]] = {}
    answer: dict[str, Any] | None = None
    if record_text or person_id:
        found = _record_at(record_text)
        if person is None:
            errors["person"] = [_("Choose the person.")]
        if found is None:
            errors["record"] = [_("This is not the address of a record. Copy it from the record's page.")]
        elif person is not None:
            answer = _answer(request, person, *found)
    people = Person.objects.filter(deleted_at=None).order_by("name_pinyin").values_list("pk", "name")
    chosen = str(person.pk) if person else ""
    choices = [("", "—", not chosen), *((str(pk), name, str(pk) == chosen) for pk, name in people)]
    fields = [
        {
            "name": "person", "label": _("Person"), "widget": "select", "choices": choices, "required": True,
            "errors": errors.get("person", []),
        },
        {
            "name": "record", "label": _("Address of the record"), "widget": "text", "value": record_text,
            "required": True, "errors": errors.get("record", []), "span": 2,
            "help": _("As the browser shows it on the record's page."),
        },
    ]  # fmt: skip
    context = {"fields": fields, "answer": answer}
    return page(request, "administration/why.html", context, status=422 if errors else 200)


def _record_at(text: str) -> tuple[Module, Any] | None:
    match = _ADDRESS.search(text)
    if match is None or not is_id(match["pk"]):
        return None
    module = registry.find(f"{match['app']}.{match['noun']}")
    record = module.model._default_manager.filter(pk=match["pk"]).first() if module else None
    return (module, record) if module and record is not None else None


def _answer(request: Request, person: Person, module: Module, record: Any) -> dict[str, Any]:
    """Whoever asks need not see the record himself: then it stays without a name."""
    try:
        title = str(request.ctx.get(module, record.pk))
    except NotFound:
        title = _("a record that you may not see")
    reasons = reasons_to_see(person, module, record, request.ctx.now) if record.deleted_at is None else []
    return {
        "person": person,
        "module": module,
        "title": title,
        "binned": record.deleted_at is not None,
        "reasons": [str(reason) for reason in reasons],
    }
