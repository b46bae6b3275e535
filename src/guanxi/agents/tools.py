"""The tools of an agent. Each reads through `Context` or writes through `run`, like a page that its person opens.

Names, arguments and first paragraphs are what the agent is told; they are written for it, in English.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.records import describing, disclosing, listing, reading, registry
from guanxi.records import history as past
from guanxi.records import search as searching
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.listing import Query
from guanxi.records.module import Module
from guanxi.records.standard import action_of, verb_of

MAX_RECORDS = 100
MAX_HITS = 20

ModuleKey = Annotated[str, Field(description="Key of the record type, such as customers.customer")]
RecordId = Annotated[str, Field(description="Id of the record")]
Values = Annotated[dict[str, Any], Field(description="Values by field name; links by id, number or unique name")]
Reason = Annotated[str, Field(description="Why, in a sentence: it is kept in the record's history")]
Confirmed = Annotated[bool, Field(description="Whether the person was told the warnings and wants to go on")]


def list_record_types(ctx: Context) -> dict[str, Any]:
    """List the record types that the person may see, with what the person may do with them."""
    return {"record_types": [describing.brief(ctx, module) for module in registry.modules() if ctx.may(module)]}


def describe_record_type(ctx: Context, module: ModuleKey) -> dict[str, Any]:
    """Describe a record type: fields (kind, choices, whether required), views, and actions with their inputs."""
    return describing.describe(ctx, _seen(ctx, module))


def find_records(
    ctx: Context,
    module: ModuleKey,
    filter: Annotated[
        dict[str, Any] | None,
        Field(
            description='Condition as JSON: {"field": "name", "op": "contains", "value": "酒"}, combined by '
            '{"all": […]}, {"any": […]}, {"not": …}. Operators of each field: describe_record_type.'
        ),
    ] = None,
    text: Annotated[str, Field(description="Words to search for, also pinyin, initials, phone digits")] = "",
    view: Annotated[str, Field(description="Key of a view of the record type")] = "",
    sort: Annotated[str, Field(description="Field to sort by, with - before it for descending")] = "",
    fields: Annotated[list[str] | None, Field(description="Only these fields; default: all")] = None,
    limit: Annotated[int, Field(ge=1, le=MAX_RECORDS)] = 25,
    cursor: Annotated[str, Field(description="“next” of the previous answer, to go on")] = "",
    in_recycle_bin: Annotated[bool, Field(description="Look into the recycle bin instead")] = False,
) -> dict[str, Any]:
    """List records of one type that the person may see, page by page."""
    known = _seen(ctx, module)
    wanted = Query(
        view=view, text=text, filters=filter or {}, sort=sort, size=limit, cursor=cursor, binned=in_recycle_bin
    )
    page = listing.page(ctx, known, wanted)
    if not fields:
        # Whoever is told whole records has looked at each of them.
        for row in page.rows:
            disclosing.looked_at(ctx, known, row, part="list")
    elif cursor or not (text or filter):  # what the list itself does not put on record
        disclosing.asked(ctx, known, text, filter or {}, len(page.rows), bool(page.next_cursor))
    return {"records": reading.as_data(ctx, known, page.rows, fields or ()), "next": page.next_cursor}


def search(
    ctx: Context,
    query: Annotated[str, Field(description="Name, part of it, pinyin, initials, number or phone digits")],
    limit: Annotated[int, Field(ge=1, le=MAX_HITS, description="Hits of each record type")] = 8,
) -> dict[str, Any]:
    """Search all record types at once."""
    hits = searching.find(ctx, query, limit=limit)
    return {
        "hits": [
            {
                "module": hit.module.key,
                "id": str(hit.record_id),
                "title": hit.title,
                "number": hit.number,
                "note": hit.note,
            }
            for hit in hits
        ]
    }


def get_record(ctx: Context, module: ModuleKey, id: RecordId) -> dict[str, Any]:
    """Read one record in full. Its version is needed to change it."""
    known = _seen(ctx, module)
    return reading.one(ctx, known, ctx.get(known, id))


def history(
    ctx: Context, module: ModuleKey, id: RecordId, limit: Annotated[int, Field(ge=1, le=200)] = 50
) -> dict[str, Any]:
    """Tell who changed a record when, how and why, the newest first."""
    known = _seen(ctx, module)
    if not known.can("history"):
        raise NotFound
    record = ctx.get(known, id)
    disclosing.looked_at(ctx, known, record, part="history")
    entries = past.of(ctx, registry.entry(known), record, limit=limit)
    return {
        "history": [
            {
                "at": entry.at.isoformat(),
                "by": entry.actor,
                "action": entry.action,
                "action_label": verb_of(known, entry.action),
                "source": entry.source,
                "token": entry.token or None,
                "approved_by": list(entry.approved_by),
                "reason": entry.reason,
                "outcome": entry.outcome,
                "changes": [
                    {"field": str(change.label), "old": change.old, "new": change.new} for change in entry.changes
                ],
            }
            for entry in entries
        ]
    }


# ---- Writing ---------------------------------------------------------------------------------------------------------


def create_record(
    ctx: Context, module: ModuleKey, values: Values, reason: Reason = "", confirmed: Confirmed = False
) -> dict[str, Any]:
    """Create a record. The answer is the record, or which fields are wrong, or which rule refuses and why."""
    return _run(ctx, module, "create", None, None, values, reason, confirmed)


def edit_record(
    ctx: Context,
    module: ModuleKey,
    id: RecordId,
    version: Annotated[int, Field(description="Version of the record that you read; refused if it is outdated")],
    values: Values,
    reason: Reason = "",
    confirmed: Confirmed = False,
) -> dict[str, Any]:
    """Change fields of a record. Only the fields given are changed."""
    return _run(ctx, module, "edit", id, version, values, reason, confirmed)


def run_action(
    ctx: Context,
    module: ModuleKey,
    action: Annotated[str, Field(description="Name of the action, see describe_record_type")],
    id: Annotated[str, Field(description="Id of the record; empty for an action of the type as a whole")] = "",
    version: Annotated[int | None, Field(description="Version of the record that you read")] = None,
    values: Annotated[dict[str, Any] | None, Field(description="The inputs of the action")] = None,
    reason: Reason = "",
    confirmed: Confirmed = False,
) -> dict[str, Any]:
    """Do something else with a record: assign, delete (to the recycle bin), restore, or an action of its own."""
    return _run(ctx, module, action, id or None, version, values or {}, reason, confirmed)


def _run(
    ctx: Context,
    module: str,
    name: str,
    target: str | None,
    version: int | None,
    values: dict[str, Any],
    reason: str,
    confirmed: bool,
) -> dict[str, Any]:
    known = _seen(ctx, module)
    action = action_of(known, name)
    if action is None:
        raise NotFound(Message("There is no action “%(action)s” here.", action=name[:60]))
    if action.on_record and (target is None or version is None):
        raise Invalid({"version": [Message("Read the record first: its id and version are needed.")]})
    result = run(action, ctx.because(reason.strip()), known, target, values, version=version, confirmed=confirmed)
    return _outcome(ctx, known, action, result, target)


#: A tool: (context, its arguments by name) to what the agent is told.
Tool = Callable[..., dict[str, Any]]
#: The tools in the order in which an agent is told of them; those that only read first.
READING: tuple[Tool, ...] = (
    list_record_types, describe_record_type, find_records, search, get_record, history,
)  # fmt: skip
WRITING: tuple[Tool, ...] = (create_record, edit_record, run_action)


def _seen(ctx: Context, key: str) -> Module:
    """The record type, which the person may see at least some records of."""
    module = registry.module(key)
    if not ctx.may(module):
        raise NotAllowed(Message("You have no right to see: %(module)s.", module=module.label_plural))
    return module


def _outcome(ctx: Context, module: Module, action: Action, result: Any, target: str | None) -> dict[str, Any]:
    """What came of an action: the record as the person may see it now, and what the action has to say."""
    done: dict[str, Any] = {"done": action.name}
    key = getattr(result, "pk", None) if isinstance(result, module.model) else target
    row = ctx.search(module).filter(pk=key).first() if key else None
    if row is not None:
        done["record"] = reading.one(ctx, module, row)
    if ctx.told:
        # What is secret is for a person's eyes: it would stay in the memory of whatever reads this answer.
        done["told"] = [str(told.message) for told in ctx.told]
        if any(told.secret for told in ctx.told):
            done["withheld"] = (
                "A secret was made that is not told to agents. The person can make a new one on the page."
            )
    return done
