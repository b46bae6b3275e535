"""What of the records is shown to somebody goes on record: looks, searches, lists, files; refused attempts too.

Only confidential record types count (C2 and above), and only people: what jobs and commands read for the system shows
nobody anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.audit.disclosures import note
from guanxi.platform.audit.models import Disclosure, Sight

if TYPE_CHECKING:
    from guanxi.records.context import Context
    from guanxi.records.module import Module


#: The right to know who looked at a record.
SEE_LOOKS = "see_looks"


def is_watched(ctx: Context, module: Module) -> bool:
    """Whether it is on record that this person sees records of the module."""
    return module.data_class >= DataClass.C2 and not ctx.unbounded


def looked_at(
    ctx: Context, module: Module, record: Any, kind: Sight = Sight.VIEW, *, reason: str = "", **detail: Any
) -> None:
    """Somebody is about to be shown one record, or a part of it."""
    if is_watched(ctx, module):
        told = ctx.because(reason) if reason else ctx
        _note(told, kind, module=module.key, record_id=record.pk, label=str(record), detail=detail)


def asked(ctx: Context, module: Module | None, text: str, filters: Mapping[str, Any], found: int, more: bool) -> None:
    """Somebody searched (in one module, or in all of them) or narrowed a list, and is shown what was found."""
    if is_watched(ctx, module) if module else not ctx.unbounded:
        kind = Sight.SEARCH if text else Sight.LIST
        typed = {"words": text[:60], "filters": dict(filters), "more": more}
        detail = {name: value for name, value in typed.items() if value}
        _note(ctx, kind, module=module.key if module else "", detail={**detail, "found": found})


def taken(ctx: Context, module: Module, kind: Sight, label: str, **detail: Any) -> None:
    """Somebody takes records out as a file: on record for every module, because a file goes where we do not see."""
    _note(ctx, kind, module=module.key, label=label, detail=detail)


def log_read(ctx: Context, filters: Mapping[str, str], found: int) -> None:
    """Somebody reads this log itself."""
    _note(ctx, Sight.LOG, module=Disclosure._meta.label_lower, detail={"filters": dict(filters), "found": found})


def refused(ctx: Context, module: Module, kind: Sight, record_id: UUID | None = None) -> None:
    """Somebody asked for what is none of his business; of an id that does not exist there is nothing to tell."""
    if not is_watched(ctx, module):
        return
    if record_id is None or module.model._default_manager.filter(pk=record_id).exists():
        _note(ctx, kind, module=module.key, record_id=record_id, refused=True)


def _note(ctx: Context, kind: Sight, **told: Any) -> None:
    note(
        ctx.actor, ctx.now, kind, source=ctx.source, reason=ctx.reason, address=ctx.address, token=ctx.token, **told
    )  # fmt: skip


_LABELS: dict[str, Any] = {
    "words": _("searched for"),
    "filters": _("conditions"),
    "filter": _("conditions"),
    "found": _("found"),
    "more": _("and more"),
    "rows": _("rows"),
    "columns": _("columns"),
    "field": _("field"),
    "part": _("part"),
    "page": _("page"),
    "request": _("approved request"),
    "file": _("file"),
    "sha256": _("fingerprint"),
    "record": _("record"),
}
_PARTS: dict[str, Any] = {"form": _("form"), "copy": _("copy")}
#: What somebody typed may name customers; who reads the log does not thereby read them.
_TYPED = frozenset({"words", "filters", "filter"})


def told(entry: Disclosure, may_read: bool) -> list[tuple[str, str]]:
    """What an entry tells beyond who, when and which record: label and text; what was typed only to who may read it."""
    shown = []
    for name, value in entry.detail.items():
        if value in ("", None, [], {}):
            continue
        if name in _TYPED and not may_read:
            text = gettext("(hidden)")
        else:
            text = str(_PARTS.get(value, value)) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            text = gettext(", ").join(map(str, value)) if isinstance(value, list) else text
        shown.append((str(_LABELS.get(name, name)), text))
    return shown
