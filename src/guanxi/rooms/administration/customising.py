"""Verbs of customising: adding fields, arranging and naming those that are shipped, and the packs of a trade."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.pinyin import pinyin
from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import customising, registry
from guanxi.records.actions import Action, run_many
from guanxi.records.added import BOUNDED, FINDABLE, TELLING, field_of, preset_of
from guanxi.records.conditions import require_judgeable
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec, asked
from guanxi.records.filters import compile_filter
from guanxi.records.layout import STEP
from guanxi.records.models import CustomField, FieldSetting, PicklistValue
from guanxi.records.registry import Registered
from guanxi.records.reindexing import start_reindexing
from guanxi.records.standard import CREATE, DELETE, EDIT, LINES, PURGE, RESTORE
from guanxi.records.work import Item, Work
from guanxi.rooms.administration import packs, rules
from guanxi.rooms.administration.packs.parts import Pack, PackField, PackLabel, PackValue
from guanxi.rooms.administration.queries import filled_records

NAME_LENGTH = 36
_UNNAMED = re.compile(r"[^a-z0-9]+")


# ---- Added fields ----------------------------------------------------------------------------------------------------


def prepare_field(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Complete and check the description of an added field; Invalid by the name of what is wrong."""
    row = _as_it_would_be(values, record)
    errors: dict[str, list[Message]] = {}
    if record is None:
        values = {**values, "name": free_name(row.module, row.label_en or row.label_zh)}
        if CustomField.objects.filter(module=row.module, deleted_at=None).count() >= rules.MOST_FIELDS:
            errors["module"] = [
                Message("A record type can have at most %(limit)s added fields.", limit=rules.MOST_FIELDS)
            ]
    else:
        errors |= _fixed(row, record)
    errors |= _fitting(row)
    if not errors:
        errors |= _judgeable(ctx, row)
    if errors:
        raise Invalid(errors)
    return values


def _as_it_would_be(values: Mapping[str, Any], record: Any) -> CustomField:
    held = (
        {column.attname: getattr(record, column.attname) for column in CustomField._meta.concrete_fields}
        if record
        else {}
    )
    return CustomField(**{**held, **values})


def _fixed(row: CustomField, record: CustomField) -> dict[str, list[Message]]:
    """What cannot change any more: where the field is, and of which kind once somebody has filled it in."""
    found: dict[str, list[Message]] = {}
    if row.module != record.module:
        found["module"] = [Message("A field stays with its record type; add another one there.")]
    changes_kind = row.kind != record.kind or (row.kind == CustomField.Kind.LINK and row.target != record.target)
    if changes_kind and (count := filled_records(record)):
        found["kind"] = [
            Message("%(count)s records have a value in this field; its kind cannot change any more.", count=count)
        ]
    return found


def _fitting(row: CustomField) -> dict[str, list[Message]]:
    """What does not go together."""
    found: dict[str, list[Message]] = {}
    if row.kind == CustomField.Kind.LINK and not row.target:
        found["target"] = [Message("Choose the record type to which the field leads.")]
    if row.kind != CustomField.Kind.LINK and row.target:
        found["target"] = [Message("Only a link leads to a record type.")]
    if row.kind not in BOUNDED and (row.minimum is not None or row.maximum is not None):
        found["minimum"] = [Message("Only numbers, amounts and percentages have a smallest and a largest value.")]
    elif row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
        found["maximum"] = [Message("The largest value cannot be below the smallest, %(value)s.", value=row.minimum)]
    if row.is_unique and row.kind not in TELLING:
        found["is_unique"] = [Message("Records cannot be told apart by a field of this kind.")]
    if row.searchable and row.kind not in FINDABLE:
        found["searchable"] = [Message("The search finds texts, choices and tags only.")]
    return found


def _judgeable(ctx: Context, row: CustomField) -> dict[str, list[Message]]:
    """Whether the default fits the kind, and the conditions can be judged."""
    known = registry.entry(row.module)
    target = registry.module(row.target).model if row.target else None
    found = _default_of(field_of(row, target), row.default_value)
    for name in ("shown_when", "required_when"):
        if problems := _condition(ctx, known, getattr(row, name), row.name):
            found[name] = problems
    return found


def _default_of(spec: FieldSpec, text: str) -> dict[str, list[Message]]:
    if not text or preset_of(spec, text) is not None:
        return {}
    if spec.target or spec.kind.name in ("choice", "multi_choice"):
        # The choices of a new field are entered together with it: a default can be chosen once they stand.
        return {"default_value": [Message("“%(value)s” cannot be the value of a new record here.", value=text[:40])]}
    try:
        spec.kind.parse(spec, text)
    except Invalid as problem:
        return {"default_value": [message for found in problem.errors.values() for message in found]}
    return {}


def _condition(ctx: Context, known: Registered, tree: Any, own: str) -> list[Message]:
    if not tree:
        return []
    try:
        compile_filter(known.module, tree, ctx)
        require_judgeable(ctx, known.fields, tree, own)
    except Invalid as problem:
        return [message for found in problem.errors.values() for message in found]
    return []


def free_name(module: str, label: str) -> str:
    """The name for programs of a field with this label: `x_` and its letters, and a number where that is taken."""
    words = label if label.isascii() else pinyin(label)
    base = f"x_{_UNNAMED.sub('_', words.casefold()).strip('_')[: NAME_LENGTH - 4].strip('_') or 'field'}"
    taken = set(CustomField.objects.filter(module=module, name__startswith=base).values_list("name", flat=True))
    numbers = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in numbers if name not in taken)


def _may_return(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    standing = CustomField.objects.filter(module=record.module, deleted_at=None).count()
    return rules.may_have_more_fields(standing)


def _may_purge(ctx: Context, record: Any, values: Mapping[str, Any]) -> Decision:
    return rules.may_lose_values(filled_records(record))


def _renewing_search(standard: Action) -> Callable[[Context, Registered, list[Work]], None]:
    """The standard verb; where it changes what can be found, the records are entered in the search anew."""

    def execute(ctx: Context, known: Registered, works: list[Work]) -> None:
        assert standard.execute is not None
        standard.execute(ctx, known, works)
        touched = [work.record for work in works if standard is not EDIT or "searchable" in work.changes]
        for key in sorted({row.module for row in touched if row.searchable or standard is EDIT}):
            if registry.module(key).can("search"):
                start_reindexing(ctx, registry.module(key))

    return execute


EDIT_FIELD = dataclasses.replace(EDIT, execute=_renewing_search(EDIT))
RETIRE_FIELD = dataclasses.replace(
    DELETE,
    label=_("Retire"),
    confirm=_("The field disappears from every page. What was entered is kept and comes back with it. Continue?"),
    execute=_renewing_search(DELETE),
)
RESTORE_FIELD = dataclasses.replace(RESTORE, rules=(_may_return,), execute=_renewing_search(RESTORE))
PURGE_FIELD = dataclasses.replace(PURGE, rules=(_may_purge,))


def _perform_set_conditions(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    known = registry.entry(record.module)
    given = {name: values[name] or {} for name in ("shown_when", "required_when")}
    if errors := {name: found for name, tree in given.items() if (found := _condition(ctx, known, tree, record.name))}:
        raise Invalid(errors)
    record.shown_when, record.required_when = given["shown_when"], given["required_when"]


SET_CONDITIONS = Action(
    name="set_conditions",
    label=_("Make it depend"),
    icon="arrows-split",
    inputs=(
        asked("shown_when", _("asked for only when"), models.JSONField(null=True)),
        asked("required_when", _("must be filled in when"), models.JSONField(null=True)),
    ),
    perform=_perform_set_conditions,
    page="administration:conditions",
)


# ---- Settings of shipped fields --------------------------------------------------------------------------------------


def prepare_setting(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Check the change to a shipped field; Invalid by the name of what is wrong."""
    held = (
        {column.attname: getattr(record, column.attname) for column in FieldSetting._meta.concrete_fields}
        if record
        else {}
    )
    row = FieldSetting(**{**held, **values})
    known = registry.entry(row.module)
    spec = known.shipped.get(row.field)
    in_form = {name for section in known.module.sections for name in section.fields}
    if row.field not in in_form:
        raise Invalid({"field": [Message("“%(name)s” is not a field of this form.", name=row.field[:60])]})
    standing = FieldSetting.objects.filter(module=row.module, field=row.field, deleted_at=None).exclude(pk=row.pk)
    if standing.exists():
        raise Invalid({"field": [Message("This field has a setting already; change that one.")]})
    errors: dict[str, list[Message]] = {}
    needed = spec is not None and spec.required and not spec.has_default and not row.default_value
    if needed and (row.hidden or row.read_only):
        errors["hidden" if row.hidden else "read_only"] = [
            Message("%(field)s must be filled in: it stays on the form.", field=spec.label if spec else row.field)
        ]
    if row.required and (row.hidden or row.read_only):
        errors["required"] = [Message("A field that nobody can fill in cannot be mandatory.")]
    if spec is not None:
        errors |= _default_of(spec, row.default_value)
    if errors:
        raise Invalid(errors)
    return values


# ---- Arranging -------------------------------------------------------------------------------------------------------

FIELDS, SETTINGS, VALUES = "records.customfield", "records.fieldsetting", "records.picklistvalue"


def set_field(ctx: Context, known: Registered, name: str, **values: Any) -> None:
    """Change how one field stands on the form: an added one itself, a shipped one by its setting."""
    if name in known.shipped or name in known.computed:
        row = FieldSetting.objects.filter(module=known.module.key, field=name, deleted_at=None).first()
        item = (
            Item(row, values) if row is not None else Item(data={"module": known.module.key, "field": name, **values})
        )
        run_many(EDIT if row is not None else CREATE, ctx, SETTINGS, [item])
    else:
        row_of_field = CustomField.objects.get(module=known.module.key, name=name, deleted_at=None)
        run_many(EDIT, ctx, FIELDS, [Item(row_of_field, values)])


def arrange(ctx: Context, known: Registered, section: str, names: Sequence[str]) -> None:
    """Let a section hold these fields in this order; each that does not stand there already gets its place."""
    with transaction.atomic():
        for place, name in enumerate(names, 1):
            set_field(ctx, known, name, section=section, position=place * STEP)
    customising.forget()


def reset(ctx: Context, known: Registered) -> int:
    """Take back every change to the shipped fields of a record type; the added fields stay. Returns how many."""
    rows = list(FieldSetting.objects.filter(module=known.module.key, deleted_at=None))
    run_many(DELETE, ctx, SETTINGS, [Item(row) for row in rows])
    customising.forget()
    return len(rows)


# ---- Industry packs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One thing that a pack adds, renames or brings back; `standing` what is there already and stays."""

    what: str
    module: str
    label: str
    standing: bool = False


def steps_of(pack: Pack) -> list[Step]:
    """What installing a pack would do now."""
    made = customising.current()
    fields = {(key, row.name) for key, rows in made.fields.items() for row in rows}
    values = {(name, row.value) for name, rows in made.values.items() for row in rows}
    found = [Step("field", each.module, each.label_zh, (each.module, each.name) in fields) for each in pack.fields]
    found += [
        Step("label", each.module, each.label_zh, each.field in made.settings.get(each.module, {}))
        for each in pack.labels
    ]
    found += [
        Step("value", each.picklist, each.label_zh, (each.picklist, each.value) in values) for each in pack.values
    ]
    return found


def installed_packs() -> set[str]:
    """The packs of which something stands."""
    made = customising.current()
    rows = [row for group in made.fields.values() for row in group]
    rows += [row for group in made.settings.values() for row in group.values()]  # type: ignore[misc]
    rows += [row for group in made.values.values() for row in group]  # type: ignore[misc]
    return {row.pack for row in rows if row.pack}


def _perform_install(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    pack = packs.pack(values["pack"])
    for field_of_pack in pack.fields:
        _install_field(ctx, pack, field_of_pack)
    made = customising.current()
    for label in pack.labels:
        if label.field not in made.settings.get(label.module, {}):
            _keep(ctx, pack, SETTINGS, {"module": label.module, "field": label.field, **_labels(label)})
    known = {(row.picklist, row.value) for row in PicklistValue.objects.filter(deleted_at=None)}
    for place, value in enumerate(pack.values):
        if (value.picklist, value.value) not in known:
            data = {"picklist": value.picklist, "value": value.value, "position": 500 + place, **_labels(value)}
            _keep(ctx, pack, VALUES, data)
    customising.forget()


def _install_field(ctx: Context, pack: Pack, field: PackField) -> None:
    """Add a field of a pack, or bring it back with its values where it was retired; one that stands is left alone."""
    row = CustomField.objects.filter(module=field.module, name=field.name).first()
    if row is None:
        lines = [
            {"label_zh": zh, "label_en": en, "position": place * STEP} for place, (zh, en) in enumerate(field.options)
        ]
        data = {**field.data, **_labels(field), "module": field.module, "kind": field.kind, "name": field.name}
        _keep(ctx, pack, FIELDS, {**data, **({LINES: lines} if lines else {})})
    elif row.deleted_at is not None:
        run_many(RESTORE, ctx, FIELDS, [Item(row)])


def _plan_from_pack(ctx: Context, known: Registered, works: list[Work], action: Action) -> None:
    """Like any creation, with what only a pack says: whose it is, and the name by which the pack finds it again."""
    assert CREATE.plan is not None
    own = ("pack", "name")
    given = [{name: work.item.data[name] for name in own if name in work.item.data} for work in works]
    for work in works:
        data = {name: value for name, value in work.item.data.items() if name not in own}
        work.item = dataclasses.replace(work.item, data=data)
    CREATE.plan(ctx, known, works, action)
    for work, values in zip(works, given, strict=True):
        work.values.update(values)


_CREATE_FROM_PACK = dataclasses.replace(CREATE, plan=_plan_from_pack)


def _keep(ctx: Context, pack: Pack, module: str, data: dict[str, Any]) -> None:
    run_many(_CREATE_FROM_PACK, ctx, module, [Item(data={**data, "pack": pack.name}, confirmed=True)])
    customising.forget()


def _labels(named: PackField | PackLabel | PackValue) -> dict[str, str]:
    return {"label_zh": named.label_zh, "label_en": named.label_en}


def _perform_remove(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    name = values["pack"]
    for module, model in ((FIELDS, CustomField), (SETTINGS, FieldSetting), (VALUES, PicklistValue)):
        rows = model._default_manager.filter(pack=name, deleted_at=None)
        run_many(DELETE, ctx, module, [Item(row) for row in rows])
    customising.forget()


def _pack_input() -> FieldSpec:
    choices = [(pack.name, pack.label) for pack in packs.PACKS]
    return asked("pack", _("industry pack"), models.CharField(max_length=40, choices=choices), required=True)


INSTALL_PACK = Action(
    name="install_pack",
    label=_("Install a pack"),
    icon="package-import",
    on_record=False,
    inputs=(_pack_input(),),
    perform=_perform_install,
)
REMOVE_PACK = Action(
    name="remove_pack",
    label=_("Remove a pack"),
    icon="package-export",
    tone="danger",
    on_record=False,
    inputs=(_pack_input(),),
    perform=_perform_remove,
)
