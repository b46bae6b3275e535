"""Finding anything: the search page over all record types, and the palette of Ctrl-K with records and commands."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.kernel.chinese.pinyin import initials, pinyin
from guanxi.kernel.search import normalise
from guanxi.records import registry, search
from guanxi.records.standard import action_of
from guanxi.web import addresses, menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PER_MODULE = 8
PER_MODULE_ON_PAGE = 20
COMMANDS = 6


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The search page; the number of a record, typed or read from its barcode, leads to the record itself."""
    question = request.GET.get("q", "").strip()[:60]
    groups = _groups(request, question, PER_MODULE_ON_PAGE)
    meant = [hit["href"] for group in groups for hit in group["hits"] if _is_number(hit["number"], question)]
    if len(meant) == 1:
        return redirect(meant[0])
    return page(
        request, "web/search.html", {"q": question, "groups": groups, "count": sum(len(g["hits"]) for g in groups)}
    )


def _is_number(number: str, question: str) -> bool:
    return bool(number) and number.casefold() == question.casefold()


@require_GET
def palette(request: Request) -> HttpResponseBase:
    """What the palette shows for what has been typed so far."""
    question = request.GET.get("q", "").strip()[:60]
    groups = _groups(request, question, PER_MODULE) if question else []
    return render(request, "web/parts/palette.html", {"groups": groups, "commands": _commands(request, question)})


def _groups(request: Request, question: str, limit: int) -> list[dict[str, Any]]:
    """The hits by record type, in the order of the menu."""
    found: dict[str, dict[str, Any]] = {}
    for hit in search.find(request.ctx, question, limit=limit):
        group = found.setdefault(
            hit.module.key,
            {
                "module": hit.module,
                "label": capfirst(str(hit.module.label_plural)),
                "hits": [],
                "all": addresses.listing(hit.module, q=question),
            },
        )
        group["hits"].append(
            {
                "href": addresses.record(hit.module, hit.record_id),
                "parts": marked(hit.title, question),
                "number": hit.number,
                "note": hit.note,
                "icon": hit.module.icon,
            }
        )
    return list(found.values())


def marked(title: str, question: str) -> list[tuple[str, bool]]:
    """A title in pieces, those that were asked for marked."""
    low, words = title.casefold(), [word for word in question.casefold().split() if word]
    hits = [False] * len(title)
    if len(low) == len(title):
        for word in words:
            at = low.find(word)
            while at >= 0:
                hits[at : at + len(word)] = [True] * len(word)
                at = low.find(word, at + 1)
    pieces: list[tuple[str, bool]] = []
    for letter, hit in zip(title, hits, strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + letter, hit)
        else:
            pieces.append((letter, hit))
    return pieces


def _commands(request: Request, question: str) -> list[dict[str, str]]:
    """What one can go to or begin: lists, new records, pages of rooms, one's own settings."""
    places = [item for group in menu.groups(request.ctx, "") for item in group.places]
    offered = [
        {"label": _("Go to %(place)s") % {"place": item.label}, "href": item.href, "icon": item.icon} for item in places
    ]
    offered += [{"label": item.label, "href": item.href, "icon": "plus"} for item in menu.creations(request.ctx)]
    offered.append({"label": _("My settings"), "href": "/settings/", "icon": "settings"})
    offered.append({"label": _("My bulk actions"), "href": "/batches/", "icon": "stack-2"})
    offered += [
        {
            "label": _("Likely duplicates: %(what)s") % {"what": module.label_plural},
            "href": addresses.of_module(module, "same"),
            "icon": "git-merge",
        }
        for module in registry.modules()
        if module.same_as and action_of(module, "merge") is not None and request.ctx.may(module, "merge")
    ]
    offered.append({"label": _("Notices"), "href": "/notices/", "icon": "bell"})
    if not question:
        return offered[:12]
    wanted = normalise(question)
    return [command for command in offered if _answers(command["label"], wanted)][:COMMANDS]


def _answers(label: str, wanted: str) -> bool:
    return any(wanted in normalise(text) for text in (label, pinyin(label), initials(label)))
