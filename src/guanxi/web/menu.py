"""The menu: every record type that has a place in it, and the pages that rooms add.

menu.add(menu.Entry("today", _("Today"), "/", "home", group="top", order=1, badge=open_duties))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseBase
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.web import addresses, preferences
from guanxi.web.gate import Request

#: The groups in their order, each short enough to be taken in at a glance. Rooms name one of them; a group without
#: entries for this person is not shown.
GROUPS: dict[str, Any] = {
    "top": "",
    "daily": "",
    "meeting": pgettext_lazy("menu", "Visits and meetings"),
    "correspondence": pgettext_lazy("menu", "Mail and materials"),
    "business": _("Business"),
    "orders": pgettext_lazy("menu", "Orders and contracts"),
    "archive": _("Archive"),
    "dossiers": pgettext_lazy("menu", "Dossiers"),
    "market": _("Market"),
    "catalog": _("Products"),
    "service": _("Service"),
    "reports": pgettext_lazy("menu", "Reports"),
    "management": _("Management"),
    "regulation": _("Regulation"),
    "organisation": _("Organisation"),
    "administration": _("Administration"),
}


@dataclass(frozen=True)
class Entry:
    """A page in the menu that is not a record type's list.

    `may`: whether this person sees it; `badge`: a number beside it (0 or None: none); `letter`: the key after g.
    """

    key: str
    label: Any
    href: str
    icon: str
    group: str = "top"
    order: int = 100
    may: Callable[[Context], bool] = lambda ctx: True
    badge: Callable[[Context], int | None] | None = None
    letter: str = ""


_entries: dict[str, Entry] = {}


def add(entry: Entry) -> None:
    """Put a page of a room into the menu; called from the room's pages.py."""
    if entry.group not in GROUPS:
        raise ValueError(f"unknown menu group {entry.group}")
    _entries[entry.key] = entry


def entries() -> tuple[Entry, ...]:
    """The pages that rooms have put into the menu."""
    return tuple(_entries.values())


class Item(NamedTuple):
    """One place of the menu as it is drawn. `on`: one is there; `badge`: a number beside it; `key`: the key after g."""

    label: str
    href: str
    icon: str
    on: bool = False
    badge: int | None = None
    key: str = ""


class Group(NamedTuple):
    """Places of the menu under one heading, by which they fold; without a heading they stand open.

    `is_open`: the person left it open, or is at one of its places; `waiting`: the numbers beside its places together.
    """

    name: str
    label: str
    places: tuple[Item, ...]
    is_open: bool = True
    waiting: int | None = None


def groups(ctx: Context, path: str) -> tuple[Group, ...]:
    """The menu as the frame draws it, for this person, the place of `path` marked."""
    found: dict[str, list[tuple[int, str, Item]]] = {}
    for module in registry.modules():
        if module.menu and ctx.may(module):
            href = addresses.listing(module)
            item = Item(capfirst(str(module.label_plural)), href, module.icon, path.startswith(href))
            found.setdefault(module.menu.group, []).append((module.menu.order, module.key, item))
    for entry in _entries.values():
        if entry.may(ctx):
            place = entry.href.partition("?")[0]
            here = path == place or (place != "/" and path.startswith(place))
            badge = entry.badge(ctx) if entry.badge else None
            item = Item(capfirst(str(entry.label)), entry.href, entry.icon, here, badge or None, entry.letter)
            found.setdefault(entry.group, []).append((entry.order, entry.key, item))
    names = [*(name for name in GROUPS if name in found), *sorted(name for name in found if name not in GROUPS)]
    opened = preferences.opened_groups(ctx.actor)
    return tuple(
        _group(name, tuple(item for _order, _key, item in sorted(found[name], key=lambda each: each[:2])), opened)
        for name in names
    )


def _group(name: str, places: tuple[Item, ...], opened: frozenset[str]) -> Group:
    """The places of one heading. The group where one is stands open whatever was chosen."""
    label = str(GROUPS.get(name, capfirst(name)))
    is_open = not label or name in opened or any(item.on for item in places)
    return Group(name, label, places, is_open, sum(item.badge or 0 for item in places) or None)


@require_POST
def fold(request: Request) -> HttpResponseBase:
    """Remember whether a group of the menu stands open for this person; nobody waits for the answer."""
    name = request.POST.get("group", "")
    if not GROUPS.get(name):
        raise Invalid({"group": [Message("There is no such group of the menu.")]})
    preferences.keep_group(request.person, name, is_open=request.POST.get("open") == "1")
    return HttpResponse(status=204)


def creations(ctx: Context) -> tuple[Item, ...]:
    """What this person may make new, in the order of the menu."""
    order = list(GROUPS)
    modules = [
        module
        for module in registry.modules()
        if module.menu and module.menu.create and module.can("create") and ctx.may(module, "create")
    ]

    def place(module: Any) -> tuple[int, int]:
        group = order.index(module.menu.group) if module.menu.group in order else len(order)
        return group, module.menu.order

    words = str(_("New %(noun)s"))
    return tuple(
        Item(words % {"noun": module.label}, addresses.of_module(module, "new"), module.icon)
        for module in sorted(modules, key=place)
    )
