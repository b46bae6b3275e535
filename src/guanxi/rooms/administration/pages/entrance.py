"""The settings home: everything that administrators look after, in groups, as far as this person may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.records import listing, registry
from guanxi.records.context import Context
from guanxi.rooms.administration.queries import may_ask_why, may_operate, may_read_trail
from guanxi.web import addresses, menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page


@dataclass(frozen=True)
class Door:
    """One thing to look after: its page, what it is for, how many rows it has ("" where none are counted)."""

    label: Any
    note: Any
    href: str
    icon: str
    count: str = ""


#: Heading → (module, what it is for).
_LISTS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        _("Organisation"),
        (
            ("people.person", _("Who works here and may log in")),
            ("people.department", _("The organisation tree, by which rights and approvals go")),
            ("people.position", _("Posts and their rank")),
            ("people.deputy", _("Who stands in for whom, and when")),
        ),
    ),
    (
        _("Rights"),
        (
            ("access.role", _("What each role may do, and how far it reaches")),
            ("access.personrole", _("Who holds which role since when")),
            ("access.accesstoken", _("Which programs act in whose name")),
        ),
    ),
    (
        _("Rules and lists"),
        (
            ("records.picklistvalue", _("Choices added to lists, renamed, or switched off")),
            ("calendar.calendarday", _("Make-up days and company holidays that deadlines count with")),
        ),
    ),
)


def doors(ctx: Context) -> list[tuple[Any, list[Door]]]:
    """The groups with the doors this person may open; empty groups are left out."""
    groups = [(heading, [_door(ctx, key, note) for key, note in keys if ctx.may(key)]) for heading, keys in _LISTS]
    by_heading = {str(heading): found for heading, found in groups}
    if ctx.may("policy.parametervalue"):
        by_heading[str(_("Rules and lists"))].insert(
            0,
            Door(
                _("Parameters of the regulation"),
                _("Deadlines, limits and shares, with the clause they come from"),
                reverse("administration:parameters"),
                "adjustments",
            ),
        )
    if ctx.may("records.customfield"):
        by_heading[str(_("Rules and lists"))].append(
            Door(
                _("Fields and forms"),
                _("Fields of your own, the order of forms, names, and packs for a trade"),
                reverse("administration:layouts"),
                "forms",
            )
        )
    if may_ask_why(ctx):
        by_heading[str(_("Rights"))].append(
            Door(
                _("Why can this person see it?"),
                _("Every role, deputyship and grant by which somebody reaches a record"),
                reverse("administration:why"),
                "eye",
            )
        )
    if may_read_trail(ctx):
        note = _("Who did what and when, sealed against later changes")
        looks = _("Who saw, searched, revealed and exported which records")
        doors_of_audit = [
            Door(_("Audit trail"), note, reverse("administration:audit"), "history"),
            Door(_("Views and exports"), looks, reverse("administration:disclosures"), "eye"),
        ]
        groups.append((_("Audit"), doors_of_audit))
    if may_operate(ctx, "view"):
        note = _("What is saved every night, and whether it can be restored")
        groups.append((_("Operations"), [Door(_("Backups"), note, reverse("administration:backups"), "database")]))
    return [(heading, found) for heading, found in groups if found]


def _door(ctx: Context, key: str, note: Any) -> Door:
    module = registry.module(key)
    count = listing.count(ctx.search(module))
    return Door(module.label_plural, note, addresses.listing(module), module.icon, f"{count:,}")


def is_administered(ctx: Context) -> bool:
    """Whether the menu shows the settings home: to whoever looks after more than the telephone list."""
    return any(ctx.may(key) for key in ("access.role", "policy.parametervalue")) or may_read_trail(ctx)


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The settings home."""
    if not is_administered(request.ctx):
        raise NotAllowed
    return page(request, "administration/home.html", {"groups": doors(request.ctx)})


menu.add(
    menu.Entry(
        "administration",
        _("Settings and rights"),
        "/administration/",
        "settings",
        group="administration",
        order=10,
        may=is_administered,
    )
)
