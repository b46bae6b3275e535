"""The catalogues: what lies where, class by class, to be searched and to be printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.kernel.errors import NotAllowed
from guanxi.records.context import Context
from guanxi.records.links import key_of
from guanxi.rooms.dossiers.models import DossierClass, Volume
from guanxi.rooms.dossiers.queries.filing import catalogue, originals_of
from guanxi.web import addresses, menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page

DOCUMENT, VOLUME = "dossiers.document", "dossiers.volume"
#: So many lines on one page; who has more looks for a number, or takes one manager or volume at a time.
MOST = 500
#: The two sets of ARC-30, each with a catalogue of its own.
SETS: dict[str, tuple[Any, bool | None]] = {
    "": (_("Both sets"), None),
    "paper": (_("Paper set"), True),
    "electronic": (_("Electronic set"), False),
}


def is_opened(ctx: Context) -> bool:
    """Who sees some documents sees their catalogue."""
    return ctx.may(DOCUMENT)


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The catalogue of one class, narrowed by number or title, manager, volume and set."""
    ctx = request.ctx
    if not is_opened(ctx):
        raise NotAllowed
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "manager", "volume", "set")}
    chosen = request.GET.get("class", "")
    chosen = chosen if chosen in DossierClass.values else DossierClass.BASIC.value
    which = asked["set"] if asked["set"] in SETS else ""
    rows = catalogue(
        ctx,
        chosen,
        text=asked["q"],
        manager=key_of(asked["manager"]),
        volume=key_of(asked["volume"]),
        on_paper=SETS[which][1],
    )
    documents = list(rows[: MOST + 1])
    here = reverse("dossiers:catalogue")
    kept = {name: value for name, value in asked.items() if value}
    volumes = (
        ctx.search(VOLUME).filter(dossier_class=chosen).select_related("owner").order_by("owner__name_pinyin", "number")
    )
    given: dict[str, Any] = {
        "documents": documents[:MOST],
        "more": len(documents) > MOST,
        "originals": originals_of(documents[:MOST]),
        "tabs": [
            {"label": label, "on": value == chosen, "href": addresses.with_query(here, {**kept, "class": value})}
            for value, label in DossierClass.choices
        ],
        "chosen": chosen,
        "class_label": DossierClass(chosen).label,
        "which": which,
        "set_label": SETS[which][0],
        "fields": _fields(asked, list(volumes)),
        "is_narrowed": bool(kept),
        "here": here,
        "volumes": volumes,
    }
    return page(request, "dossiers/catalogue.html", given)


def _fields(asked: dict[str, str], volumes: list[Volume]) -> list[dict[str, Any]]:
    """What narrows the catalogue: number or title, manager, volume, set."""
    managers = {str(volume.owner_id): str(volume.owner) for volume in volumes if volume.owner_id}
    return [
        {"name": "q", "label": _("Number or title"), "value": asked["q"], "widget": "search"},
        _select("manager", _("Account manager"), asked, managers),
        _select("volume", _("Volume"), asked, {str(volume.pk): volume.number for volume in volumes}),
        _select("set", _("Set"), asked, {name: label for name, (label, _paper) in SETS.items() if name}),
    ]


def _select(name: str, label: Any, asked: dict[str, str], offered: dict[str, Any]) -> dict[str, Any]:
    choices = [("", _("All"), False), *((value, text, value == asked[name]) for value, text in offered.items())]
    return {"name": name, "label": label, "widget": "select", "value": asked[name], "choices": choices}


menu.add(
    menu.Entry(
        "catalogue",
        _("Dossier catalogue"),
        "/dossiers/catalogue/",
        "list-numbers",
        group="dossiers",
        order=19,
        may=is_opened,
    )
)
