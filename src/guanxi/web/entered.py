"""Values as forms send them, turned into what the record engine takes: links by id or by what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from guanxi.kernel.errors import Invalid
from guanxi.platform.files.storage import store
from guanxi.records import links
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.work import Item, Work

TEXT = "__text"
KEPT = "__kept"


def is_id(text: Any) -> bool:
    """Whether a value is a record's id (and not its number or name)."""
    try:
        uuid.UUID(str(text))
    except ValueError:
        return False
    return True


def linked(ctx: Context, spec: FieldSpec, raw: Any) -> Any:
    """The row behind an id, a number or an exact name, among what the person may choose; Invalid otherwise."""
    work = Work(item=Item(), values={spec.name: raw})
    links.resolve(ctx, {spec.name: spec}, [work])
    if work.problem is not None:
        raise work.problem
    return work.values[spec.name]


def link_value(
    ctx: Context, spec: FieldSpec, posted: QueryDict, name: str, rows: Mapping[str, Any] | None = None
) -> Any:
    """What a link's box says: the id the picker put in, unless the text beside it was changed by hand.

    `rows`: the rows that may be chosen, by id, where they have been asked for already (the lines of a document).
    """
    key, text = posted.get(name, "").strip(), posted.get(name + TEXT)
    if text is None:
        return key
    text = text.strip()
    if not text:
        return ""
    if not key:
        return text
    if text == links.HIDDEN:
        return key  # left as it was by somebody who may not see where it leads
    if rows is not None:
        row = rows.get(key)
    else:
        row = links.candidates(ctx, spec).filter(pk=key).first() if is_id(key) else None
    return row.pk if row is not None and str(row) == text else text


def keep_uploads(ctx: Context, specs: Iterable[FieldSpec], posted: QueryDict, files: Any, prefix: str = "") -> None:
    """Store the files that came with a form and note their ids in `posted` (a copy that may be changed).

    A form that is refused for another reason then shows them as kept, and does not ask for them again. Raises Invalid
    for a file that is not accepted, TooLarge for one beyond the limit.
    """
    for spec in specs:
        upload = files.get(prefix + spec.name) if spec.kind.name == "file" else None
        if upload is None:
            continue
        try:
            kept = store(upload, upload.name, ctx.actor, ctx.now)
        except Invalid as problem:
            raise Invalid({spec.name: [message for found in problem.errors.values() for message in found]}) from problem
        posted[prefix + spec.name + KEPT] = str(kept.pk)


def values(
    ctx: Context,
    specs: Iterable[FieldSpec],
    posted: QueryDict,
    prefix: str = "",
    rows: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The raw values of a sent form by field name; a field that was not on the form is left out.

    A box that is not ticked is not sent at all: forms name their boxes in `boxes`.
    """
    boxes = set(posted.getlist("boxes"))
    found: dict[str, Any] = {}
    for spec in specs:
        name = prefix + spec.name
        kind = spec.kind.name
        if kind == "file":
            if posted.get(f"{name}__remove"):
                found[spec.name] = ""
            elif posted.get(name + KEPT):
                found[spec.name] = posted[name + KEPT]
        elif kind in links.LINK_KINDS:
            if name in posted or name + TEXT in posted:
                found[spec.name] = link_value(ctx, spec, posted, name, (rows or {}).get(spec.name))
        elif kind in ("boolean", "multi_choice"):
            if name in posted or name in boxes:
                given = posted.getlist(name)
                found[spec.name] = given if kind == "multi_choice" else bool(given and given[-1] not in ("", "0"))
        elif name in posted:
            found[spec.name] = posted[name]
    return found
