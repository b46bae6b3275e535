"""Who one is, which record types there are, and finding anything in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.api.calls import Call
from guanxi.api.operations import Operation, described, json_answer, parameter, reading, reference
from guanxi.api.replies import Reply
from guanxi.api.schemas import Schema
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.messages import Message
from guanxi.records import describing, registry, search

HITS, MOST_HITS = 8, 50


def general() -> Iterator[Operation]:
    """What is about no record type in particular."""
    yield Operation("GET", "me", "me", _("Who I am"), reading(_me), _describe_me, _("General"))
    yield Operation(
        "GET", "modules", "modules_list", _("Record types"), reading(_modules), _describe_types, _("General")
    )
    yield Operation(
        "GET", "modules/{id}", "modules_get", _("A record type"), reading(_module), _describe_type, _("General")
    )
    yield Operation("GET", "search", "search", _("Search"), reading(_search), _describe_search, _("General"))


def _me(call: Call) -> Reply:
    call.asked(())
    ctx, person = call.ctx, call.ctx.actor
    return Reply(
        {
            "id": str(person.pk),
            "name": person.name,
            "username": person.username,
            "department": str(person.department) if person.department else None,
            "language": person.language,
            "token": str(ctx.token) if ctx.token else None,
        }
    )


def _modules(call: Call) -> Reply:
    call.asked(())
    ctx = call.ctx
    return Reply({"items": [describing.brief(ctx, module) for module in registry.modules() if ctx.may(module)]})


def _module(call: Call, key: str) -> Reply:
    call.asked(())
    module = registry.module(key)
    if not call.ctx.may(module):
        raise NotFound
    return Reply(describing.describe(call.ctx, module))


def _search(call: Call) -> Reply:
    asked = call.asked(("q", "limit"))
    text = asked.get("limit", str(HITS))
    limit = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= limit <= MOST_HITS:
        raise Invalid({"limit": [Message("From 1 to %(limit)s.", limit=MOST_HITS)]})
    found = search.find(call.ctx, asked.get("q", ""), limit=limit)
    return Reply({"items": [_hit(hit) for hit in found]})


def _hit(hit: search.Hit) -> dict[str, Any]:
    return {
        "module": hit.module.key,
        "id": str(hit.record_id),
        "title": hit.title,
        "number": hit.number,
        "note": hit.note,
        "href": f"/api/v1/{hit.module.app}/{hit.module.noun}/{hit.record_id}",
    }


# ---- Descriptions ----------------------------------------------------------------------------------------------------


def _describe_me() -> Schema:
    return described({"200": json_answer(reference("Me"), "Whose rights these calls have.")})


def _describe_types() -> Schema:
    types = {"type": "object", "properties": {"items": {"type": "array", "items": reference("RecordType")}}}
    return described({"200": json_answer({**types, "required": ["items"]}, "Those that the caller may see.")})


def _describe_type() -> Schema:
    return described(
        {"200": json_answer(reference("RecordType"), "With fields, choices, operators, views, and what may be done.")}
    )


def _describe_search() -> Schema:
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_HITS, "default": HITS}
    return described(
        {"200": json_answer(reference("Hits"), "The best hits of each record type.")},
        parameters=(
            parameter("q", {"type": "string"}, "Any piece of a name, its pinyin or initials, digits, a number."),
            parameter("limit", limit, "How many of each record type."),
        ),
    )
