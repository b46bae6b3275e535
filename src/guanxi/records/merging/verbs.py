"""Making several records of one thing into one, and taking that apart again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.decision import Decision, refuse, warn
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from guanxi.kernel.messages import Message
from guanxi.platform.prepared import Prepared
from guanxi.records import binning, derived, history, problems
from guanxi.records.actions import Action, judge_written, save_changed, write_columns
from guanxi.records.context import Context
from guanxi.records.links import LINK_KINDS, key_of
from guanxi.records.merging import references
from guanxi.records.merging.choosing import chosen, refuse_circles
from guanxi.records.models import Merge, Merged
from guanxi.records.module import has_column
from guanxi.records.registry import Registered
from guanxi.records.work import Item, Work

MOST = 5

# ---- Merge -----------------------------------------------------------------------------------------------------------


def _plan_merge(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """Read the input: {"others": [ids], "take": {field: id, "union" or "none"}, "versions": {id: version}}."""
    for work in works:
        data = work.item.data
        given = [key_of(target) for target in data.get("others") or ()]
        keys = list(dict.fromkeys(key for key in given if key is not None))
        if not keys or len(keys) != len(given) or len(keys) >= MOST or work.record.pk in keys:
            work.problem = Invalid(
                {"others": [Message("Choose two to %(most)s different records to be made into one.", most=MOST)]}
            )
            continue
        seen = ctx.search(known.module).in_bulk(keys)
        allowed = ctx.search(known.module, MERGE.name).filter(pk__in=keys).count()
        if len(seen) < len(keys):
            work.problem = NotFound()
        elif allowed < len(keys):
            work.problem = NotAllowed(Message("You may not merge all of these records."))
        else:
            take, versions = data.get("take") or {}, data.get("versions") or {}
            work.values = {"keys": keys, "take": dict(take), "versions": dict(versions)}


def _keys(work: Work) -> Sequence[uuid.UUID]:
    return work.values["keys"]


def _judge_merge(ctx: Context, known: Registered, work: Work) -> None:
    """Whether these records may become one: all still there, none locked, of one owner or by who may assign."""
    records = [work.record, *work.others]
    if len(work.others) < len(work.values["keys"]) or any(other.deleted_at is not None for other in work.others):
        raise Conflict(Message("One of these records has been deleted or merged in the meantime."))
    for record in records:
        seen = work.values["versions"].get(str(record.pk))
        if seen is not None and int(seen) != record.version:
            raise Stale(record.version, {})
    for record in records:
        _refuse_locked(known, record)
    work.decision = work.decision & _of_one_owner(ctx, known, records)


def _refuse_locked(known: Registered, record: Any) -> None:
    lifecycle = known.module.lifecycle
    if lifecycle is not None and getattr(record, lifecycle.field) in lifecycle.locked:
        state = known.field(lifecycle.field).text(record)
        raise Conflict(
            Message("%(action)s is not possible while the state is “%(state)s”.", action=MERGE.label, state=state)
        )


def _of_one_owner(ctx: Context, known: Registered, records: Sequence[Any]) -> Decision:
    if not known.module.has_owner or len({record.owner_id for record in records}) == 1:
        return Decision.allow()
    names = tuple(dict.fromkeys(str(record.owner or "—") for record in records))
    told = Message("These records belong to different people: %(names)s.", names=names)
    if not ctx.unbounded and not ctx.may(known.module, "assign"):
        return refuse("", told, remedy=Message("Ask somebody who may assign these records."))
    return warn("", told, remedy=Message("Look whose it is to be; the others lose it."))


def _execute_merge(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        _judge_merge(ctx, known, work)
        _merge(ctx, known, work)


def _merge(ctx: Context, known: Registered, work: Work) -> None:
    survivor, others = work.record, work.others
    values = chosen(known, survivor, others, work.values["take"])
    refuse_circles(known, survivor, others, values)
    origins = _origins(known, survivor, others, values)
    merge = Merge.objects.create(
        module=known.module.key, survivor_id=survivor.pk, person=ctx.actor, origins=origins,
        created_at=ctx.now, created_by=ctx.actor, changed_at=ctx.now, changed_by=ctx.actor,
    )  # fmt: skip
    references.move(ctx, known, merge, survivor, others)
    _make_signposts(ctx, known, merge, work, values)
    known.assign(survivor, values)
    if "owner" in values and has_column(known.module.model, "department"):
        survivor.department = survivor.owner.department if survivor.owner_id else None
    work.changes = history.difference(known, work.before, survivor)
    judge_written(ctx, known, [work])
    merge.former = {name: pair[0] for name, pair in work.changes.items()}
    merge.left = {name: pair[1] for name, pair in work.changes.items()}
    merge.save(update_fields=["former", "left"])
    work.changes[history.MERGED] = [None, [_named(other) for other in others]]
    save_changed(ctx, known, [work])
    # It is found by the numbers of those that went into it.
    derived.refresh(known, [survivor], {"number"})
    work.result = survivor


def _named(record: Any) -> dict[str, str]:
    return {"id": str(record.pk), "title": str(record), "number": str(getattr(record, "number", ""))}


def _origins(known: Registered, survivor: Any, others: Sequence[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Which of the others gave what the survivor did not have."""
    found = {}
    for spec in known.form_fields:
        value = values[spec.name]
        mine = spec.value(survivor)
        if value == mine or value in (None, "", ()):
            continue
        if isinstance(value, tuple) and isinstance(mine, tuple):
            givers = [other for other in others if set(spec.value(other)) & (set(value) - set(mine))]
        else:
            givers = [other for other in others if spec.value(other) == value][:1]
        found[spec.name] = [_named(giver) for giver in givers]
    return found


def _make_signposts(ctx: Context, known: Registered, merge: Merge, work: Work, values: Mapping[str, Any]) -> None:
    """The others go to the recycle bin and lead to the survivor; what only one record may have is taken from them."""
    unique = [spec for spec in known.form_fields if spec.column.unique and not spec.column.primary_key]
    signposts = []
    for other in work.others:
        cleared = {}
        for spec in unique:
            held = spec.stored(other)
            if held not in (None, "") and held == values[spec.name]:
                if not spec.column.null:
                    raise Invalid({spec.name: [Message("This value cannot be taken over from a merged record.")]})
                cleared[spec.name] = history.plain(held)
                spec.assign(other, None)
        if cleared:
            write_columns(known, [other], [known.field(name).written for name in cleared])
        signposts.append(
            Merged(
                merge=merge, record_id=other.pk, survivor_id=work.record.pk, title=str(other)[:300],
                number=getattr(other, "number", ""), cleared=cleared,
            )
        )  # fmt: skip
    Merged.objects.bulk_create(signposts)
    binning.move_to_bin(ctx, known, list(work.others))
    entries = [
        Work(
            Item(),
            record=other,
            changes={
                "deleted_at": [None, history.plain(ctx.now)],
                history.MERGED_INTO: [None, history.plain(work.record)],
            },
        )
        for other in work.others
    ]
    history.write(ctx, known, MERGE.name, entries)


# ---- Unmerge ---------------------------------------------------------------------------------------------------------


def _plan_unmerge(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """Read the input: {"merge": id}; without it, the last one that stands."""
    for work in works:
        standing = Merge.objects.filter(
            module=known.module.key, survivor_id=work.record.pk, state=Merge.State.DONE
        ).order_by("-created_at", "-pk")  # several may have been made in one moment
        if work.item.data.get("merge"):
            standing = standing.filter(pk__in=[key_of(work.item.data["merge"]) or uuid.UUID(int=0)])
        merge = standing.first()
        if merge is None:
            work.problem = Conflict(Message("There is no merge of this record that could be undone."))
        else:
            keys = list(merge.merged.values_list("record_id", flat=True))
            work.values = {"keys": keys, "merge": merge.pk}


def _execute_unmerge(ctx: Context, known: Registered, works: list[Work]) -> None:
    for work in works:
        merge = Merge.objects.select_for_update().get(pk=work.values["merge"])
        if merge.state != Merge.State.DONE:
            raise Conflict(Message("There is no merge of this record that could be undone."))
        signposts = {post.record_id: post for post in merge.merged.all()}
        gone = [post for key, post in signposts.items() if key not in {other.pk for other in work.others}]
        if gone:
            raise Conflict(
                Message("%(record)s has been deleted for good: this merge cannot be undone.", record=gone[0].title)
            )
        if any(other.deleted_at is None for other in work.others):
            raise Conflict(Message("There is no merge of this record that could be undone."))
        _refuse_locked(known, work.record)
        _unmerge(ctx, known, work, merge, signposts)


def _unmerge(ctx: Context, known: Registered, work: Work, merge: Merge, signposts: Mapping[uuid.UUID, Merged]) -> None:
    survivor, others = work.record, work.others
    kept = _former_values(known, merge, survivor)
    work.changes = history.difference(known, work.before, survivor)
    merge.merged.update(live=False)
    for other in others:
        binning.bring_back(ctx, known, [other], other.deleted_at)
    judge_written(ctx, known, [work])
    work.changes[history.TAKEN_APART] = [[_named(other) for other in others], None]
    save_changed(ctx, known, [work])
    for other in others:
        if cleared := signposts[other.pk].cleared:
            for name, value in cleared.items():
                known.field(name).assign(other, history.held(known.field(name), value))
            write_columns(known, [other], [known.field(name).written for name in cleared])
    derived.refresh(known, [survivor], {"number"})
    left = references.put_back(ctx, known, merge, survivor, others)
    if left:
        kept.append(problems.note("", Message("%(count)s links have been changed since and stay.", count=left)))
    labels = {name: spec.label for name, spec in known.fields.items()}
    if kept:
        ctx.tell(Message("Not put back: %(what)s", what=problems.text(kept, labels)))
    merge.state = Merge.State.PARTLY_UNDONE if kept else Merge.State.UNDONE
    merge.kept, merge.changed_at, merge.changed_by = kept, ctx.now, ctx.actor
    merge.save(update_fields=["state", "kept", "changed_at", "changed_by"])
    entries = [Work(Item(), record=other, changes={"deleted_at": [history.plain(ctx.now), None]}) for other in others]
    history.write(ctx, known, UNMERGE.name, entries)
    work.result = survivor


def _former_values(known: Registered, merge: Merge, survivor: Any) -> list[dict[str, Any]]:
    """Give the survivor what it held before, field by field, where it still holds what the merge gave it."""
    kept = []
    for name, former in merge.former.items():
        spec = known.fields.get(name)
        if spec is None:
            continue
        now = history.plain(spec.value(survivor))
        if _comparable(now) != _comparable(merge.left.get(name)):
            kept.append(problems.note(name, Message("It has been changed since.")))
            continue
        value = history.held(spec, former)
        if spec.kind.name in LINK_KINDS and value is not None:
            row = spec.column.related_model._default_manager.filter(pk=value).first()  # type: ignore[union-attr]
            if row is None:
                kept.append(problems.note(name, Message("What stood there has been deleted.")))
                continue
            value = row
        spec.assign(survivor, value)
    return kept


def _comparable(plain: Any) -> Any:
    """A link is the same whatever its record is called by now."""
    return plain["id"] if isinstance(plain, Mapping) else plain


#: Who merges takes values over and puts the rest into the bin.
_MERGING = ("merge", "edit", "delete")
MERGE = Action(
    name="merge",
    label=_("Merge"),
    icon="git-merge",
    needs=_MERGING,
    standard=True,
    undoable=False,
    also=_keys,
    plan=_plan_merge,
    execute=_execute_merge,
)
UNMERGE = Action(
    name="unmerge",
    label=_("Undo the merge"),
    icon="arrows-split",
    needs=_MERGING,
    standard=True,
    undoable=False,
    confirm=_("Make separate records of it again? What was changed since stays as it is."),
    also=_keys,
    plan=_plan_unmerge,
    execute=_execute_unmerge,
)


_STANDING = Prepared(
    lambda module, survivor: Merge.objects.filter(
        module=module, survivor_id=survivor, state=Merge.State.DONE
    ).values_list("pk")[:1]
)


def is_merged(known: Registered, record: Any) -> bool:
    """Whether a merge of this record stands that could be undone."""
    return bool(_STANDING.rows(known.module.key, survivor=record.pk))
