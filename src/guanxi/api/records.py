"""The records of one type: list, one, create, change, to the bin, history, likely duplicates, and every verb."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from django.db import models
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.api import schemas
from guanxi.api.calls import Call, Sent, etag_of
from guanxi.api.operations import (
    ID,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    Operation,
    Run,
    described,
    json_answer,
    json_body,
    parameter,
    problem_answers,
    reading,
    reference,
    writing,
)
from guanxi.api.problems import Merged
from guanxi.api.replies import Reply, response, told
from guanxi.api.schemas import Schema
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.files.models import StoredFile
from guanxi.records import disclosing, duplicates, history, listing, registry, selection
from guanxi.records import reading as plain
from guanxi.records.actions import Action, inputs_of, run
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.links import key_of
from guanxi.records.listing import Query
from guanxi.records.module import Module
from guanxi.records.registry import Registered
from guanxi.records.signposts import seen_survivor_of
from guanxi.records.standard import STANDARD, action_of

#: Verbs with an address and a method of their own.
_BY_METHOD = ("create", "edit", "delete")
_LIST = ("view", "q", "filter", "sort", "columns", "cursor", "limit", "binned")
_COUNT = ("view", "q", "filter", "binned")


def of_module(known: Registered) -> Iterator[Operation]:
    """Everything that can be done with the records of one type."""
    module = known.module
    base, name = f"{module.app}/{module.noun}", f"{module.app}_{module.noun}"

    def operation(method: str, path: str, verb: str, summary: Any, act: Any, describe: Any) -> Operation:
        address = "/".join(filter(None, (base, path)))
        if ID in path:
            act, describe = partial(_or_led_on, known, act), partial(_described_as_led_on, describe)
        return Operation(method, address, f"{name}_{verb}", summary, act, describe, module.label_plural)

    yield operation("GET", "", "list", _("List"), reading(partial(_list, known)), partial(_describe_list, known))
    yield operation("GET", "count", "count", _("Count"), reading(partial(_count, known)), _describe_count)
    if module.same_as:
        yield operation(
            "POST", "duplicates", "duplicates", _("Likely duplicates"), reading(partial(_duplicates, known)),
            partial(_describe_duplicates, known),
        )  # fmt: skip
    yield operation("GET", "{id}", "get", _("Read"), partial(_get, known), partial(_describe_get, known))
    if module.can("history"):
        yield operation(
            "GET", "{id}/history", "history", _("History"), reading(partial(_history, known)), _describe_history
        )
    for action in actions_of(module):
        act = writing(partial(_act, known, action))
        describe = partial(_describe_action, known, action)
        method, path = _address(action)
        yield operation(method, path, _verb(action), action.label, act, describe)


def _or_led_on(known: Registered, act: Run, call: Call, pk: str) -> HttpResponseBase:
    """What is asked of a record that was merged is answered with where it went, if the caller may see that."""
    try:
        return act(call, pk)
    except NotFound:
        key = key_of(pk)
        survivor = seen_survivor_of(call.ctx, known.module, key) if key is not None else None
        if survivor is None:
            raise
        raise Merged(known.module.key, str(survivor)) from None


def _described_as_led_on(describe: Callable[[], Schema]) -> Schema:
    told = describe()
    return {**told, "responses": {**told["responses"], **problem_answers(410)}}


def actions_of(module: Module) -> list[Action]:
    """Every verb of a record type, standard and its own."""
    own = registry.entry(module).actions
    found = (action_of(module, name) for name in dict.fromkeys([*STANDARD, *own]))
    return [action for action in found if action is not None and _is_offered(module, action)]


def _is_offered(module: Module, action: Action) -> bool:
    return action.name not in _BY_METHOD or module.can(action.name)


def _verb(action: Action) -> str:
    return action.name if action.name in _BY_METHOD else f"do_{action.name}"


def _address(action: Action) -> tuple[str, str]:
    methods = {"create": ("POST", ""), "edit": ("PATCH", "{id}"), "delete": ("DELETE", "{id}")}
    if action.name in methods:
        return methods[action.name]
    return "POST", f"{'{id}/' if action.on_record else ''}actions/{action.name}"


# ---- Many ------------------------------------------------------------------------------------------------------------


def require_sight(ctx: Context, known: Registered) -> None:
    """NotAllowed for who may see no record of this type at all."""
    if not ctx.may(known.module):
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=known.module.label_plural))


def _list(known: Registered, call: Call) -> Reply:
    ctx = call.ctx
    require_sight(ctx, known)
    asked = call.asked(_LIST)
    found = listing.page(ctx, known.module, query_of(ctx, known, asked))
    names = [column.name for column in found.columns]
    items = plain.as_data(ctx, known.module, found.rows, names)
    return Reply({"items": items, "next": found.next_cursor or None, "previous": found.previous_cursor or None})


def _count(known: Registered, call: Call) -> Reply:
    require_sight(call.ctx, known)
    query = query_of(call.ctx, known, call.asked(_COUNT))
    count = listing.count(listing.selected(call.ctx, known.module, query))
    return Reply({"count": min(count, selection.COUNT_CAP), "more": count > selection.COUNT_CAP})


def query_of(ctx: Context, known: Registered, asked: Mapping[str, Any]) -> Query:
    """What is asked of a list; Invalid names each parameter that asks for something that is not there."""
    wrong: dict[str, list[Message]] = {}

    def check(name: str, good: bool, message: Message) -> None:
        if not good:
            wrong[name] = [message]

    view, sort = str(asked.get("view", "")), str(asked.get("sort", ""))
    columns = tuple(name for name in str(asked.get("columns", "")).split(",") if name)
    binned, limit = str(asked.get("binned", "false")), str(asked.get("limit", listing.PAGE_SIZE))
    size = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 else 0
    check("view", not view or view in {tab.key for tab in listing.views(ctx, known.module)}, _NO_VIEW)
    check("sort", not sort or listing.can_sort(ctx, known.module, sort), _NO_SORT)
    check("binned", binned in ("true", "false"), Message("true or false is needed here."))
    check("limit", 1 <= size <= listing.MAX_PAGE_SIZE, _LIMIT)
    unknown = [name[:60] for name in columns if name not in plain.names_of(known)]
    check("columns", not unknown, Message("There are no such fields: %(names)s.", names=tuple(unknown)))
    filters = _filter_of(asked.get("filter"), wrong)
    if wrong:
        raise Invalid(wrong)
    text, cursor = str(asked.get("q", "")), str(asked.get("cursor", ""))
    return Query(view, text, filters, sort, columns, cursor, size, binned == "true")


_NO_VIEW = Message("There is no such view.")
_NO_SORT = Message("One cannot sort by this.")
_LIMIT = Message("From 1 to %(limit)s.", limit=listing.MAX_PAGE_SIZE)


def _filter_of(given: Any, wrong: dict[str, list[Message]]) -> Mapping[str, Any]:
    """The tree of the filter language; in an address it is JSON text."""
    tree = given
    if isinstance(given, str):
        try:
            tree = json.loads(given) if given else {}
        except (ValueError, RecursionError):
            tree = None
    elif given is None:
        tree = {}
    if not isinstance(tree, dict):
        wrong["filter"] = [Message("This filter has the wrong form.")]
        return {}
    return tree


def _duplicates(known: Registered, call: Call) -> Reply:
    ctx, module = call.ctx, known.module
    if not (ctx.may(module, "create") or ctx.may(module, "edit")):
        raise NotAllowed
    specs = {rule.field: known.field(rule.field) for rule in module.same_as}
    given = call.sent(specs).values
    schemas.refuse_wrong_types(given, specs)
    values = {name: specs[name].kind.parse(specs[name], raw) for name, raw in given.items()}
    found = duplicates.find(ctx, known, values)
    return Reply({"items": [_duplicate(each) for each in found]})


def _duplicate(found: duplicates.Duplicate) -> dict[str, Any]:
    return {
        "id": str(found.record_id) if found.record_id else None,
        "title": found.title,
        "same": found.rule,
        "label": str(found.label),
        "owner": found.owner,
        "department": found.department,
        "strict": found.strict,
        "clause": found.clause,
    }


# ---- One -------------------------------------------------------------------------------------------------------------


def _get(known: Registered, call: Call, pk: str) -> HttpResponseBase:
    record = _record(known, call, pk)
    etag = etag_of(record)
    if call.knows(etag):
        return response(Reply(status=304, headers={"ETag": etag}))
    return response(Reply(plain.one(call.ctx, known.module, record), headers={"ETag": etag}))


def _record(known: Registered, call: Call, pk: str) -> Any:
    require_sight(call.ctx, known)
    binned = call.asked(("binned",)).get("binned", "false")
    if binned not in ("true", "false"):
        raise Invalid({"binned": [Message("true or false is needed here.")]})
    return call.ctx.get(known.module, pk, binned=binned == "true")


def _history(known: Registered, call: Call, pk: str) -> Reply:
    record = _record(known, call, pk)
    disclosing.looked_at(call.ctx, known.module, record, part="history")
    return Reply({"items": [_past(past) for past in history.of(call.ctx, known, record)]})


def _past(past: history.Past) -> dict[str, Any]:
    return {
        "at": past.at,
        "actor": past.actor,
        "action": past.action,
        "source": past.source,
        "token": past.token or None,
        "approved_by": list(past.approved_by),
        "reason": past.reason,
        "outcome": past.outcome,
        "changes": [{"label": str(each.label), "old": each.old, "new": each.new} for each in past.changes],
    }


# ---- Verbs -----------------------------------------------------------------------------------------------------------


def _act(known: Registered, action: Action, call: Call, pk: str = "") -> Reply:
    call.asked(())
    sent = call.sent()
    specs = {spec.name: spec for spec in inputs(known, action)}
    schemas.refuse_wrong_types(sent.values, specs)
    if action.name == "delete":
        _refuse_fields(sent)
    if not action.on_record:
        return _made(known, action, call, sent)
    if key_of(pk) is None:
        raise NotFound
    ctx = call.ctx.because(sent.reason)
    record = run(action, ctx, known.module, pk, sent.values, version=call.version(), confirmed=sent.confirmed)
    if action.name == "delete":
        return Reply(status=204)
    fresh = ctx.search(known.module).filter(pk=pk).first()
    headers = {"ETag": etag_of(fresh)} if fresh is not None else {}
    data = plain.one(ctx, known.module, fresh) if fresh is not None else None
    if action.name == "edit":
        return Reply(data or {"id": pk, "version": record.version}, headers=headers)
    return Reply({"record": data, "result": _result(ctx, record, fresh), **told(ctx)}, headers=headers)


def _made(known: Registered, action: Action, call: Call, sent: Sent) -> Reply:
    """What came of a verb that works on no record: of `create` the new record."""
    ctx, module = call.ctx.because(sent.reason), known.module
    result = run(action, ctx, module, None, sent.values, confirmed=sent.confirmed)
    if action.name != "create":
        return Reply({"record": None, "result": _result(ctx, result, None), **told(ctx)})
    seen = ctx.search(module).filter(pk=result.pk).first()
    data = plain.one(ctx, module, seen) if seen is not None else {"id": str(result.pk), "version": result.version}
    headers = {"Location": f"/api/v1/{module.app}/{module.noun}/{result.pk}", "ETag": etag_of(result)}
    return Reply({**data, **told(ctx)}, 201, headers)


def inputs(known: Registered, action: Action) -> tuple[FieldSpec, ...]:
    """What a verb asks for: of create and edit the fields of the form."""
    return known.form_fields if action.name in ("create", "edit") else inputs_of(known, action)


def _refuse_fields(sent: Sent) -> None:
    if sent.values:
        name = next(iter(sent.values))
        raise Invalid({name[:60]: [Message("There is no such field to fill in here: %(name)s.", name=name[:60])]})


def _result(ctx: Context, result: Any, record: Any) -> dict[str, Any] | None:
    """What the verb made beside the record: where to find it, as far as the person may."""
    if isinstance(result, StoredFile):
        return {"module": None, "id": str(result.pk), "title": result.name, "href": f"/api/v1/files/{result.pk}"}
    if not isinstance(result, models.Model) or (record is not None and result.pk == record.pk):
        return None
    module = registry.find(result._meta.label_lower)
    if module is None or not ctx.search(module).filter(pk=result.pk).exists():
        return None
    return {
        "module": module.key,
        "id": str(result.pk),
        "title": str(result),
        "href": f"/api/v1/{module.app}/{module.noun}/{result.pk}",
    }


# ---- Descriptions ----------------------------------------------------------------------------------------------------

_FLAG: Schema = {"type": "string", "enum": ["true", "false"], "default": "false"}
_TEXT: Schema = {"type": "string"}
_VIEW = parameter("view", _TEXT, "The key of a view: one that ships with the type, or the id of a saved one.")
_Q = parameter("q", _TEXT, "Words to find, by any piece of their text, pinyin or initials.")
_FILTER = parameter("filter", _TEXT, 'A tree of the filter language as JSON: {"field": "name", "op": "contains", …}.')
_BINNED = parameter("binned", _FLAG, "Look into the recycle bin instead.")


def _describe_list(known: Registered) -> Schema:
    sortable = [spec.name for spec in known.fields.values() if spec.kind.sortable]
    parameters = (
        _VIEW,
        _Q,
        _FILTER,
        parameter("sort", _TEXT, f"A field, with - for descending: {', '.join(sortable)}."),
        parameter("columns", _TEXT, "The fields to tell, separated by commas; without it those of the view."),
        parameter("cursor", _TEXT, "`next` or `previous` of another page."),
        parameter("limit", {"type": "integer", "minimum": 1, "maximum": listing.MAX_PAGE_SIZE}, "How many at most."),
        _BINNED,
    )
    page = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": reference(known.module.key)},
            "next": {"type": ["string", "null"]},
            "previous": {"type": ["string", "null"]},
        },
        "required": ["items", "next", "previous"],
    }
    return described({"200": json_answer(page, "One page.")}, parameters=parameters)


def _describe_count() -> Schema:
    count = {
        "type": "object",
        "properties": {"count": {"type": "integer"}, "more": {"type": "boolean"}},
        "required": ["count", "more"],
    }
    return described(
        {"200": json_answer(count, f"How many; `more` beyond {selection.COUNT_CAP}.")},
        parameters=(_VIEW, _Q, _FILTER, _BINNED),
    )


def _describe_duplicates(known: Registered) -> Schema:
    fields = [known.field(rule.field) for rule in known.module.same_as]
    return described(
        {"200": json_answer(reference("Duplicates"), "Records that may be the same.")},
        problems=(413, 415),
        body=json_body(schemas.input_of(fields)),
    )


def _describe_get(known: Registered) -> Schema:
    answers = {
        "200": json_answer(reference(known.module.key), "The record.", ("ETag",)),
        "304": {"description": "The caller has this version already."},
    }
    seen = parameter("If-None-Match", _TEXT, "The ETag that the caller has.", place="header")
    return described(answers, parameters=(_BINNED, seen))


def _describe_history() -> Schema:
    return described({"200": json_answer(reference("History"), "Newest first.")}, parameters=(_BINNED,))


def _describe_action(known: Registered, action: Action) -> Schema:
    whole = action.name != "edit"
    with_lines = known if action.name in ("create", "edit") else None
    fields = () if action.name == "delete" else inputs(known, action)
    shape = schemas.input_of(fields, with_lines, whole=whole)
    if action.plan is not None and action.name not in (*_BY_METHOD, "assign") and not fields:
        shape = {**shape, "additionalProperties": True}  # the verb reads its input itself
    answers: Schema
    if action.name == "create":
        answers = {"201": json_answer(reference(known.module.key), "Created.", ("ETag", "Location"))}
    elif action.name == "edit":
        answers = {"200": json_answer(reference(known.module.key), "Changed.", ("ETag",))}
    elif action.name == "delete":
        answers = {"204": {"description": "In the recycle bin."}}
    else:
        answers = {"200": json_answer(reference("Done"), "Done.")}
    answers["202"] = json_answer(reference("Asked"), "Not done: it waits for approval.", ("Location",))
    parameters = (IDEMPOTENCY_KEY, IF_MATCH) if action.on_record else (IDEMPOTENCY_KEY,)
    problems = (409, 412, 413, 415, 428) if action.on_record else (409, 413, 415)
    return described(answers, problems=problems, parameters=parameters, body=json_body(shape))
