"""Customising without code: which fields a record type has, how its form is arranged, and the packs of a trade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.records import customising as made
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.added import AddedField
from guanxi.records.fields import FieldSpec
from guanxi.records.layout import section_key
from guanxi.records.models import CustomField, FieldSetting
from guanxi.records.module import Section
from guanxi.records.registry import Registered
from guanxi.rooms.administration import customising, packs
from guanxi.rooms.administration.customising import FIELDS, INSTALL_PACK, REMOVE_PACK, SET_CONDITIONS, SETTINGS, VALUES
from guanxi.rooms.administration.rules import MOST_FIELDS
from guanxi.web import addresses, conditions_form, errors, flashes, form_fields
from guanxi.web.gate import Request
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page

_EFFECTS = {"shown_when": gettext_lazy("Asked for only when"), "required_when": gettext_lazy("Must be filled in when")}


@dataclass(frozen=True)
class Row:
    """One field on the page of a record type's form."""

    name: str
    label: str
    kind: str
    spec: FieldSpec | None
    added: CustomField | None
    setting: FieldSetting | None
    can_require: bool
    can_hide: bool
    edit: str
    depends: bool = False


def _require(request: Request, action: str) -> None:
    if not request.ctx.may(FIELDS, action):
        raise NotAllowed


def _known(key: str) -> Registered:
    known = registry.entry(key)
    if not known.can_grow:
        raise NotFound
    return known


def path_of(known: Registered) -> str:
    """The page of a record type's form."""
    return reverse("administration:layout", args=[known.module.key])


@require_GET
def show_all(request: Request) -> HttpResponseBase:
    """Every record type with what the company has made its own of it, and the packs."""
    _require(request, "view")
    added = dict(_counted(CustomField))
    changed = dict(_counted(FieldSetting))
    types = [
        (capfirst(str(known.module.label)), path_of(known), known.module.icon, added.get(key, 0), changed.get(key, 0))
        for key, known in ((module.key, registry.entry(module)) for module in registry.modules())
        if known.can_grow
    ]
    installed = customising.installed_packs()
    offered = [(pack, pack.name in installed, customising.steps_of(pack)) for pack in packs.PACKS]
    given = {
        "types": types,
        "packs": offered,
        "may_change": request.ctx.may(FIELDS, INSTALL_PACK.name),
        "picklists": addresses.listing(VALUES) if request.ctx.may(VALUES) else "",
    }
    return page(request, "administration/layouts.html", given)


def _counted(model: Any) -> Any:
    return model._default_manager.filter(deleted_at=None).order_by().values_list("module").annotate(Count("pk"))


@require_GET
def show(request: Request, key: str) -> HttpResponseBase:
    """The form of one record type: its sections and fields in order, with a preview."""
    _require(request, "view")
    known = _known(key)
    given = {
        "known": known,
        "module": known.module,
        "title": capfirst(str(known.module.label)),
        "sections": [
            {
                "key": section_key(section),
                "label": section.label,
                "rows": [_row(known, name) for name in section.fields],
            }
            for section in known.sections
        ],
        "hidden": [_row(known, name) for name in _hidden(known)],
        "retired": CustomField.objects.filter(module=key).exclude(deleted_at=None).count(),
        "retired_at": addresses.of_module(FIELDS, "bin"),
        "room": MOST_FIELDS - sum(isinstance(spec, AddedField) for spec in known.fields.values()),
        "choices": [(section_key(section), section.label) for section in known.sections],
        "preview": _preview(request, known),
        "new": addresses.of_module(FIELDS, "new", query={"module": key}),
        "post_to": reverse("administration:arrange", args=[key]),
        "may_change": request.ctx.may(FIELDS, "edit"),
        "is_changed": bool(made.current().settings.get(key)),
    }
    return page(request, "administration/layout.html", given)


def _section(known: Registered, section: Section) -> dict[str, Any]:
    rows = [_row(known, name) for name in section.fields]
    return {"key": section_key(section), "label": section.label, "rows": rows}


def _hidden(known: Registered) -> list[str]:
    settings = made.current().settings.get(known.module.key, {})
    return [name for name, setting in settings.items() if setting.hidden]


def _row(known: Registered, name: str) -> Row:
    spec, key = known.fields.get(name), known.module.key
    added = next((row for row in made.current().fields.get(key, ()) if row.name == name), None)
    setting = made.current().settings.get(key, {}).get(name)
    shipped = known.shipped.get(name)
    is_open = shipped is not None and shipped.editable
    if added is not None:
        edit = addresses.of_module(FIELDS, str(added.pk), "edit")
    elif setting is not None:
        edit = addresses.of_module(SETTINGS, str(setting.pk), "edit")
    else:
        edit = addresses.of_module(SETTINGS, "new", query={"module": key, "field": name})
    computed = known.computed.get(name)
    label = spec.label if spec else computed.label if computed else name
    return Row(
        name=name,
        label=capfirst(str(label)),
        kind=str(CustomField.Kind(spec.kind.name).label) if spec and spec.kind.name in CustomField.Kind else "",
        spec=spec,
        added=added,
        setting=setting,
        can_require=added is not None or (is_open and shipped is not None and not shipped.required),
        can_hide=added is None and not (shipped is not None and shipped.required and not shipped.has_default),
        edit=edit,
        depends=bool(spec and (spec.shown_when or spec.required_when)),
    )


def _preview(request: Request, known: Registered) -> list[dict[str, Any]]:
    """The form as a new record would show it."""
    return [
        {
            "label": section.label,
            "fields": [
                form_fields.field(request.ctx, spec, spec.default, prefix="preview-")
                for name in section.fields
                if (spec := known.fields.get(name)) and spec.editable
            ],
        }
        for section in known.sections
    ]


@require_POST
def arrange(request: Request, key: str) -> HttpResponseBase:
    """Move a field, make it mandatory or not, hide it or show it again; or take everything back."""
    _require(request, "edit")
    known = _known(key)
    name, do = request.POST.get("field", ""), request.POST.get("do", "")
    if do == "reset":
        count = customising.reset(request.ctx, known)
        return flashes.redirect(path_of(known), Message("%(count)s changes taken back.", count=count))
    _row_exists(known, name)
    if do in ("up", "down"):
        _move(request, known, name, -1 if do == "up" else 1)
    elif do == "section":
        _move_to(request, known, name, request.POST.get("section", ""))
    elif do in _FLAGS:
        flag, value = _FLAGS[do]
        customising.set_field(request.ctx, known, name, **{flag: value})
    else:
        raise Invalid({"do": [Message("This cannot be done with a field.")]})
    made.forget()
    return flashes.redirect(f"{path_of(known)}#field-{name}")


_FLAGS: dict[str, tuple[str, bool]] = {
    "require": ("required", True), "free": ("required", False), "hide": ("hidden", True), "unhide": ("hidden", False),
}  # fmt: skip


def _row_exists(known: Registered, name: str) -> None:
    if name not in {*_hidden(known), *(each for section in known.sections for each in section.fields)}:
        raise NotFound


def _move(request: Request, known: Registered, name: str, by: int) -> None:
    """One place up or down; beyond the end of its section it goes on into the next one."""
    sections = known.sections
    at = next(place for place, section in enumerate(sections) if name in section.fields)
    names = list(sections[at].fields)
    index = names.index(name)
    if 0 <= index + by < len(names):
        names.insert(index + by, names.pop(index))
        customising.arrange(request.ctx, known, section_key(sections[at]), names)
    elif 0 <= at + by < len(sections):
        neighbour = list(sections[at + by].fields)
        neighbour.insert(len(neighbour) if by < 0 else 0, name)
        customising.arrange(request.ctx, known, section_key(sections[at + by]), neighbour)


def _move_to(request: Request, known: Registered, name: str, key: str) -> None:
    key = key.strip()[:80]
    if not key:
        raise Invalid({"section": [Message("Name the section.")]})
    held = next((list(section.fields) for section in known.sections if section_key(section) == key), [])
    customising.arrange(request.ctx, known, key, [*(each for each in held if each != name), name])


# ---- Packs -----------------------------------------------------------------------------------------------------------


@require_POST
def change_pack(request: Request, name: str) -> HttpResponseBase:
    """Install a pack, or take it away again: its fields are retired with their values, its names are taken back."""
    try:
        pack = packs.pack(name)
    except LookupError:
        raise NotFound from None
    action = REMOVE_PACK if request.POST.get("do") == "remove" else INSTALL_PACK
    todo = sum(not step.standing for step in customising.steps_of(pack))
    run(action, request.ctx, FIELDS, None, {"pack": pack.name})
    made.forget()
    text = Message("%(pack)s: removed. What was entered is kept.", pack=pack.label)
    if action is INSTALL_PACK:
        text = Message("%(pack)s: %(count)s fields, names and choices installed.", pack=pack.label, count=todo)
    return flashes.redirect(reverse("administration:layouts"), text)


# ---- Fields that depend on others ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def conditions(request: Request, pk: Any) -> HttpResponseBase:
    """When an added field is asked for, and when it must be filled in."""
    _require(request, "view")
    row = request.ctx.get(FIELDS, pk)
    known = _known(row.module)
    if request.method == "GET":
        return _draw_conditions(request, known, row)
    _require(request, SET_CONDITIONS.name)

    def act() -> str:
        data = {effect: conditions_form.posted(request, known, effect) for effect in _EFFECTS}
        run(SET_CONDITIONS, request.ctx, FIELDS, row, data, version=_version(request))
        made.forget()
        return path_of(known)

    address, problem = once(request, act)
    if problem is not None:
        return _draw_conditions(request, known, row, problem)
    return flashes.redirect(address, Message("Saved."))


def _version(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def _draw_conditions(
    request: Request, known: Registered, row: CustomField, problem: Problem | None = None
) -> HttpResponseBase:
    found = problem.errors if isinstance(problem, Invalid) else {}
    fields = conditions_form.offered(known, row.name)
    given = {
        "row": row,
        "known": known,
        "title": str(known.field(row.name).label),
        "effects": [
            conditions_form.drawn(request, known, effect, label, getattr(row, effect), fields, found.get(effect, ()))
            for effect, label in _EFFECTS.items()
        ],
        "problem": problem if not found else None,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "version": row.version,
        "back": path_of(known),
        "page_of": reverse("administration:layouts"),
    }
    return page(request, "administration/conditions.html", given, status=problem.status if problem else 200)
